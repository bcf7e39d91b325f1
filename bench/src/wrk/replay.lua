-- Replays the requests of signRequests() in turn: 4 bytes of length (little endian), then a raw HTTP request.
local requests, at = {}, 0

function init()
  local file = assert(io.open(os.getenv("REQUESTS"), "rb"))
  local data = file:read("*a")
  file:close()
  local position = 1
  while position < #data do
    local a, b, c, d = data:byte(position, position + 3)
    local size = a + b * 256 + c * 65536 + d * 16777216
    requests[#requests + 1] = data:sub(position + 4, position + 3 + size)
    position = position + 4 + size
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
