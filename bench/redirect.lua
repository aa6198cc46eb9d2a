-- redirect.lua - wrk's part of the suite: asks for every token of a file in turn, all three alike for
-- both servers, and tells in one line of JSON what came back.
local paths, next_path = {}, 0

function init(args)
  for token in io.lines(args[1]) do
    paths[#paths + 1] = wrk.format("GET", "/r/" .. token)
  end
end

function request()
  next_path = next_path % #paths + 1
  return paths[next_path]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50_ms":%.4f,"p99_ms":%.4f}\n',
    summary.requests, summary.duration / 1e6, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
