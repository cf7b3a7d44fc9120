local function field(entry, name)
  local fields = entry[2]
  local value, times = '', 0
  for i = 1, #fields - 1, 2 do
    if fields[i] == name then
      value, times = fields[i + 1], times + 1
    end
  end
  return times == 1 and value or ''
end
local function nonce(entry)
  local n = field(entry, 'n')
  return #n <= 64 and string.match(n, '^[%w_-]*$') or ''
end
local function sum(entry)
  local s = field(entry, 's')
  return #s <= 15 and string.match(s, '^%d+$') and tonumber(s) or 0
end
local key = KEYS[1]
local channel, id_part, body = ARGV[1], ARGV[2], ARGV[3]
local max_length, max_bytes, lifetime = ARGV[4], tonumber(ARGV[5]), ARGV[6]
local prev, before = '', 0
local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
if last then
  prev = last[1] .. '/' .. nonce(last)
  before = sum(last)
end
local total = before + #body
redis.call('XTRIM', key, 'MAXLEN', '~', max_length)
local id = redis.call('XADD', key, '*',
    'n', id_part, 's', string.format('%.0f', total), 'm', body)
local refusal, listeners
local function attempt(...)
  local reply = redis.pcall(...)
  if type(reply) == 'table' and reply.err then
    refusal = reply
    return nil
  end
  return reply
end
local function trim()
  local first = attempt('XRANGE', key, '-', '+', 'COUNT', 1)
  if not first then
    return
  end
  first = first[1]
  local window = total - sum(first) + #field(first, 'm')
  if window <= max_bytes then
    return
  end
  local length = attempt('XLEN', key)
  if length then
    local keep = math.max(1, math.floor(length * max_bytes / window))
    attempt('XTRIM', key, 'MAXLEN', length <= 1000 and '=' or '~', keep)
  end
end
if not last then
  attempt('EXPIRE', key, lifetime)
end
local step = max_bytes / 64
if not refusal and math.floor(total / step) ~= math.floor(before / step) then
  trim()
end
if not refusal then
  local comma = body == '{}' and '' or ','
  local head = '{"pos":"' .. id .. '/' .. id_part .. '","prev":"' .. prev .. '"' .. comma
  listeners = attempt('PUBLISH', channel, head .. string.sub(body, 2))
end
if refusal then
  redis.pcall('XDEL', key, id)
  return refusal
end
return id .. '/' .. listeners
