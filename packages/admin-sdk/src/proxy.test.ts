import { describe, expect, it } from 'vitest';
import { findIgnoredProxy, findProxy } from './proxy.ts';

const address = 'push.example.org:13299';
const proxied = { https_proxy: 'http://admin:secret@proxy.example.org:3128' };
const proxy = { address: 'proxy.example.org:3128', variable: 'https_proxy' };

describe('findProxy', () => {
  it.each([
    [{}, undefined],
    [proxied, proxy],
    [{ http_proxy: 'http://proxy.example.org' }, { address: 'proxy.example.org:80', variable: 'http_proxy' }],
    [{ ...proxied, http_proxy: 'http://other:1' }, proxy],
    [
      { ...proxied, grpc_proxy: 'http://other:1' },
      { address: 'other:1', variable: 'grpc_proxy' },
    ],
    [{ https_proxy: '' }, undefined],
    [{ https_proxy: 'proxy.example.org:3128' }, undefined],
    [{ https_proxy: 'socks5://proxy.example.org' }, undefined],
    [{ HTTPS_PROXY: 'http://proxy.example.org', all_proxy: 'http://proxy', ALL_PROXY: 'http://proxy' }, undefined],
  ])('reads %j as gRPC does', (environment, expected) => {
    expect(findProxy(address, environment)).toEqual(expected);
  });

  it.each([
    '127.0.0.1:1',
    '127.1.2.3:1',
    '[::1]:1',
    'localhost:1',
    'LOCALHOST:1',
    'balancer.localhost:1',
    '[::ffff:127.0.0.1]:1',
  ])('never leads to this machine itself, at %s', (local) => {
    expect(findProxy(local, proxied)).toBeUndefined();
  });

  it.each([
    ['no_proxy', 'push.example.org', address],
    ['NO_PROXY', 'push.example.org', address],
    ['no_proxy', '*', address],
    ['NO_PROXY', 'a.org, .example.org,b.org', address],
    ['no_proxy', 'example.org', address],
    ['no_proxy', '*.example.org', address],
    ['NO_PROXY', 'EXAMPLE.org', address],
    ['no_proxy', 'push.example.org:13299', address],
    ['no_proxy', '10.0.0.0/8', '10.2.3.4:13299'],
    ['NO_PROXY', '10.2.3.4', '10.2.3.4:13299'],
    ['no_proxy', 'fd00::/8', '[fd00::5]:13299'],
    ['no_proxy', '[fd00::5]:13299', '[fd00::5]:13299'],
    ['no_proxy', 'fd00::5', '[fd00::5]:13299'],
  ])('is not asked for what %s=%s names', (variable, value, at) => {
    expect(findProxy(at, { ...proxied, [variable]: value })).toBeUndefined();
  });

  it.each([
    ['ample.org', address],
    ['other.org', address],
    ['push.example.org:443', address],
    ['10.0.0.0/8', '11.0.0.1:13299'],
    ['0.0.1', '10.0.0.1:13299'],
    ['10.0.0.0/99', '10.0.0.1:13299'],
    ['', address],
    [',', address],
  ])('is asked though no_proxy has %j', (value, at) => {
    expect(findProxy(at, { ...proxied, no_proxy: value })).toEqual(proxy);
  });
});

describe('findIgnoredProxy', () => {
  it.each([
    [{ https_proxy: 'proxy.example.org:3128' }, 'https_proxy'],
    [{ https_proxy: 'admin:secret@proxy.example.org' }, 'https_proxy'],
    [{ grpc_proxy: 'socks5://proxy.example.org', https_proxy: 'http://proxy' }, 'grpc_proxy'],
    [{ https_proxy: ':', no_proxy: 'example.org' }, undefined],
    [proxied, undefined],
    [{}, undefined],
  ])('names the variable that gRPC does not understand: %j', (environment, expected) => {
    expect(findIgnoredProxy(address, environment)).toBe(expected);
    expect(findIgnoredProxy('127.0.0.1:13299', environment)).toBeUndefined();
  });
});
