-- Strikes devices off the list of held devices of one life of a worker.
-- KEYS[1] held-devices       SET of devices
-- KEYS[2] boots-with-devices  SET of the boot ids that hold devices
-- ARGV[1] boot id, ARGV[2..] devices
-- Returns 1
local devices_key, boots_key = KEYS[1], KEYS[2]
local boot_id, first_device = ARGV[1], 2

change_set('SREM', devices_key, ARGV, first_device, #ARGV)
keep_boot(boots_key, devices_key, boot_id)
return 1
