import { INTERNAL_ORIGINS } from '../postfix/master.js';
import { enginePaths } from '../paths.js';
import type { EngineSettings } from '../settings.js';

/**
 * rspamd.local.lua: who may be named as the author of a message that starts here, and which key signs it.
 * Asks the route file of the directory; a question it cannot answer delays the message.
 */
export function renderOutboundRules(settings: EngineSettings): string {
  const paths = enginePaths(settings);
  return [
    `local route_file = '${paths.rspamdRouteLink}'`,
    `local key_folder = '${paths.dkim}'`,
    `local reinject_name = '${INTERNAL_ORIGINS.reinject}'`,
    `local notices_name = '${INTERNAL_ORIGINS.notices}'`,
    DIRECTORY,
    AUTHORS,
    SIGNING,
    RULES,
  ].join('\n');
}

const DIRECTORY = `
local logger = require 'rspamd_logger'
local sqlite3 = require 'rspamd_sqlite3'
local parse_addresses = require('rspamd_util').parse_mail_address

-- Opened anew for each message: the agent may have swapped the file behind the link.
local function open_directory(task)
  local ok, db = pcall(sqlite3.open, route_file)
  if ok and db then return db end
  logger.errx(task, 'cannot open the directory: %s', db)
  return nil
end

-- Read to the end, never left early: an unfinished query keeps its view of the file, and all handles of a process
-- share that view, so that nothing written since would be seen.
local function first_value(db, query, ...)
  local value
  for row in db:rows(query, ...) do value = row.found end
  return value
end

-- Counts always give one row, so that no row means an error and never "not allowed".
local function count(task, db, query, ...)
  local ok, found = pcall(first_value, db, query, ...)
  if ok and tonumber(found) then return tonumber(found) end
  logger.errx(task, 'the directory does not answer: %s', found)
  return nil
end

local function is_ours(task, db, domain)
  return count(task, db, 'select count(*) as found from domain where name = ?1', domain)
end

-- A tag after "+" belongs to the address, a row "@domain" lets a login send as the whole domain.
local function may_send_as(task, db, login, address)
  local name, domain = address:match('^(.*)@([^@]+)$')
  if not name then return 0 end
  return count(task, db, [[select count(*) as found from address a join domain d on d.id = a.domain_id
    where a.target = ?1 and a.sends = 1 and a.address in (?2, ?3, ?4)]],
    login, address, name:gsub('%+.*$', '') .. '@' .. domain, '@' .. domain)
end

local function login_of(task, db, address)
  local plain = address:lower():gsub('%+[^@]*@', '@')
  local ok, target = pcall(first_value, db, 'select coalesce(max(target), "") as found from address where address = ?1',
    plain)
  if ok and target then return target end
  return nil
end`;

const AUTHORS = `
local WAIT = 'This message cannot be sent at the moment. It will go out if you try again in a few minutes.'

-- Where a message comes from: submission, reinject, notices or arrival.
local function origin(task)
  if task:get_user() then return 'submission' end
  local name = tostring(task:get_request_header('MTA-Name') or '')
  if name == reinject_name then return 'reinject' end
  if name == notices_name then return 'notices' end
  return 'arrival'
end

-- All addresses of all headers with this name, lower case, and the number of headers.
local function header_addresses(task, name)
  local list, headers = {}, task:get_header_full(name) or {}
  for _, header in ipairs(headers) do
    for _, author in ipairs(parse_addresses(header.value or '', task:get_mempool()) or {}) do
      if author.addr and author.addr ~= '' then table.insert(list, author.addr:lower()) end
    end
  end
  return list, #headers
end

-- Returns nil when every author is allowed, else an action and a sentence.
local function judge_authors(task, db, login)
  local from, from_headers = header_addresses(task, 'From')
  if from_headers ~= 1 or #from == 0 then
    return 'reject', 'This message must name exactly one sender in its From line.'
  end
  for _, name in ipairs({'From', 'Sender', 'Resent-From', 'Resent-Sender'}) do
    for _, address in ipairs((header_addresses(task, name))) do
      local allowed = may_send_as(task, db, login, address)
      if not allowed then return 'soft reject', WAIT end
      if allowed == 0 then
        return 'reject', string.format('You may not send as %s. Please choose one of your own addresses.', address)
      end
    end
  end
  return nil
end`;

const SIGNING = `
local selectors = rspamd_config:add_map{
  url = key_folder .. '/selectors.map', type = 'map', description = 'selectors that sign'
}

local function from_domain(task)
  local from = header_addresses(task, 'From')
  return from[1] and from[1]:match('@([^@]+)$')
end

rspamd_plugins.outbound = {
  signing_key = function(task)
    if not task:get_mempool():get_variable('outbound_sign') then return nil end
    local domain = from_domain(task)
    local selector = domain and selectors:get_key(domain)
    if not selector then return nil end
    return {domain = domain, selector = selector,
      key = string.format('%s/%s.%s.key', key_folder, domain, selector)}
  end
}`;

const RULES = `
-- Mail that Sieve sends on keeps its author and is not ours to sign; an answer Sieve wrote is. Only mail that
-- came in through a port carries a Received line.
local function judge_reinjected(task, db)
  local sender = (task:get_from('smtp') or {})[1]
  local login = sender and sender.addr and login_of(task, db, sender.addr)
  if not login then return 'soft reject', WAIT end
  local action, sentence = judge_authors(task, db, login)
  if action == 'reject' and #(task:get_header_full('Received') or {}) > 0 then return 'forward' end
  return action, sentence
end

local function judge(task)
  local source = origin(task)
  if source == 'arrival' then return nil end
  if source == 'notices' then return 'sign' end
  local db = open_directory(task)
  if not db then return 'soft reject', WAIT end
  local action, sentence
  if source == 'reinject' then
    action, sentence = judge_reinjected(task, db)
  else
    action, sentence = judge_authors(task, db, tostring(task:get_user()):lower())
  end
  return action or 'sign', sentence
end

rspamd_config:register_symbol{
  name = 'OUTBOUND_AUTHOR', type = 'prefilter', score = 0.0, flags = 'nostat,empty',
  callback = function(task)
    local action, sentence = judge(task)
    if action == 'sign' then
      task:get_mempool():set_variable('outbound_sign', 'yes')
    elseif sentence then
      task:set_pre_result(action, sentence, 'outbound')
    end
  end
}

rspamd_config:register_symbol{
  name = 'OUTBOUND_UNSIGNED', type = 'postfilter', score = 0.0, flags = 'nostat,empty',
  callback = function(task)
    if not task:get_mempool():get_variable('outbound_sign') or task:has_symbol('DKIM_SIGNED') then return end
    if task:get_metric_action() == 'reject' then return end
    logger.errx(task, 'no usable key signs %s', from_domain(task))
    task:set_pre_result('soft reject', WAIT, 'outbound')
  end
}
`;
