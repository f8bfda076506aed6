"""Lines of Linkerd's access log as the proxy writes them (linkerd2-proxy, http/access-log)."""

import json

DAYS = ["2026-11-13", "2026-11-14", "2026-11-15", "2026-11-16", "2026-11-17", "2026-11-18",
        "2026-11-19"]


def identity(account, namespace, trust_domain):
    return f"{account}.{namespace}.serviceaccount.identity.linkerd.{trust_domain}"


def json_line(call):
    """Keys in alphabetical order; numbers of nanoseconds and bytes are strings."""
    return json.dumps({
        "client.addr": call["address"], "client.id": call["client"] or "-", "host": call["host"],
        "method": call["method"], "processing_ns": str(call["nanoseconds"] // 40),
        "request_bytes": call["received"], "response_bytes": call["sent"],
        "status": call["status"], "timestamp": call["time"],
        "total_ns": str(call["nanoseconds"]), "trace_id": call["trace"],
        "uri": call["uri"], "user_agent": call["agent"], "version": call["version"],
    }, separators=(",", ":"), sort_keys=True)


def apache_line(call):
    return (f'{call["address"]} {call["client"] or "-"} - [{call["time"]}] '
            f'"{call["method"]} {call["uri"]} {call["version"]}" {call["status"]}')


def calls(edge, index, trust_domain, days=DAYS):
    """The calls of one edge over the week, spread over the day by their number."""
    source, destination, port, per_day, operations, options = edge
    client = options.get("client", "mesh")
    for day_index, day in enumerate(options.get("days", days)):
        for number in range(per_day):
            step = (number * 7919 + index * 104729 + day_index * 1299709) % 86_399
            method, path = operations[(number + day_index) % len(operations)]
            unique = f"{index:02x}{day_index:02x}{number:04x}"
            path = path.replace("{n}", str(4000 + number * 13 % 900)).replace("{h}", unique * 4)
            namespace, name = destination.split("/")
            host = f"{name}.{namespace}.svc.cluster.local:{port}"
            is_meshed = client != "none"
            time = f"{day}T{step // 3600:02d}:{step // 60 % 60:02d}:{step % 60:02d}.{number % 1000:03d}417209Z"
            source_namespace, account = source.split("/")
            yield {
                "address": f"10.20.{index % 8 + 1}.{20 + number % 3}:{40000 + number % 9000}",
                "client": (identity(account, source_namespace, trust_domain) if client == "mesh"
                           else client if is_meshed else None),
                "host": host, "method": method, "received": str(180 + number % 700),
                "sent": str(400 + number * 31 % 5000), "status": options.get("status", 200),
                "time": time, "nanoseconds": 2_000_000 + number * 977 % 90 * 100_000,
                "trace": unique * 4 if number % 3 else "",
                "uri": f"http://{host}{path}" if is_meshed else path,
                "agent": options.get("agent", "nordlicht-sdk/1.4"),
                "version": "HTTP/2.0" if is_meshed else "HTTP/1.1",
            }
