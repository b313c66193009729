-- Strikes devices off the list of residents of one life of a worker.
-- KEYS[1] residents       SET of devices
-- KEYS[2] resident-boots  SET of the boot ids that have residents
-- ARGV[1] boot id, ARGV[2..] devices
-- Returns 1
local residents_key, boots_key = KEYS[1], KEYS[2]
local boot_id, first_device = ARGV[1], 2

change_set('SREM', residents_key, ARGV, first_device, #ARGV)
note_boot(boots_key, residents_key, boot_id)
return 1
