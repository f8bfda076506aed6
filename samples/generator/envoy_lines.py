"""Lines as Envoy writes them: the mesh's own JSON format and Istio's default text format."""

import json

ABSENT = {
    "authority": None, "bytes_received": 0, "bytes_sent": 0,
    "connection_termination_details": None, "destination_principal": None,
    "direct_remote_address": None, "downstream_local_address": None,
    "downstream_remote_address": None, "downstream_tls_version": None, "duration": 0,
    "method": None, "path": None, "protocol": None, "request_id": None,
    "requested_server_name": None, "response_code": 0, "response_code_details": None,
    "response_flags": "-", "route_name": None, "source_principal": None, "start_time": None,
    "true_path": None, "upstream_cluster": None, "upstream_host": None,
    "upstream_local_address": None, "upstream_service_time": None,
    "upstream_transport_failure_reason": None, "user_agent": None, "x_forwarded_for": None,
}

# What the mesh's format has beyond Istio's JSON format (pilot/pkg/model/telemetry_logging.go).
OWN_KEYS = {"destination_principal", "direct_remote_address", "downstream_tls_version",
            "source_principal", "true_path"}


def record(**fields):
    """One event with every key of the format; unknown keys are a mistake."""
    assert fields.keys() <= ABSENT.keys(), fields.keys() - ABSENT.keys()
    return {**ABSENT, **fields}


def json_line(event):
    """As Envoy 1.40 prints it: keys in order, bytes that are no UTF-8 one by one as \\u00XX."""
    has_raw_bytes = any(isinstance(v, str) and "\xff" in v for v in event.values())
    return json.dumps(event, separators=(",", ":"), ensure_ascii=has_raw_bytes, sort_keys=True)


def default_json_line(event):
    """Istio's default JSON format: no identity, and a path that the caller may have chosen."""
    return json_line({key: value for key, value in event.items() if key not in OWN_KEYS})


def text_line(event):
    """Istio's default text format (pilot/pkg/model/telemetry_logging.go): nothing is escaped."""

    def plain(name):
        value = event[name]
        return "-" if value is None else str(value)

    # The transport failure reason and the details hold no spaces; Envoy puts "_" for them.
    return (
        f'[{plain("start_time")}] "{plain("method")} {plain("path")} {plain("protocol")}"'
        f' {plain("response_code")} {plain("response_flags")} {plain("response_code_details")}'
        f' {plain("connection_termination_details")}'
        f' "{plain("upstream_transport_failure_reason")}"'
        f' {plain("bytes_received")} {plain("bytes_sent")} {plain("duration")}'
        f' {plain("upstream_service_time")} "{plain("x_forwarded_for")}" "{plain("user_agent")}"'
        f' "{plain("request_id")}" "{plain("authority")}" "{plain("upstream_host")}"'
        f' {plain("upstream_cluster")} {plain("upstream_local_address")}'
        f' {plain("downstream_local_address")} {plain("downstream_remote_address")}'
        f' {plain("requested_server_name")} {plain("route_name")}')
