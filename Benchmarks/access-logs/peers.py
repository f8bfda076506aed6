#!/usr/bin/env python3
"""Groups an access log with a general engine: peers.py ENGINE istio-text|istio-json LOG OUT [THREADS]

ENGINE is duckdb, chdb, or, for JSON, chdb-search: a search for the members' names in place of a parser.

By source address, authority, method, first two segments of the path and code; count, first and last time:
less than a traffic summary holds. Writes the groups as generate.py writes its truth.
"""
import sys

engine, form, log, out = sys.argv[1:5]
threads = int(sys.argv[5]) if len(sys.argv) > 5 else 2
if engine == "duckdb":
    import duckdb
    connection = duckdb.connect()
    connection.execute(f"set threads to {threads}")
    if form == "istio-text":
        lines = f"""select string_split(line, ' ') as t from read_csv('{log}', columns = {{'line': 'VARCHAR'}},
            delim = chr(1), quote = '', escape = '', header = false, auto_detect = false)"""
        rows = connection.execute(f"""
            select t[-3][:-7], trim(t[-8], '"'), t[2][2:], list_aggregate(string_split(t[3], '/')[1:3], 'string_agg', '/'),
              t[5]::int, count(*), min(t[1]), max(t[1])
            from ({lines.replace("chr(1)", "'" + chr(1) + "'")}) group by 1, 2, 3, 4, 5""").fetchall()
    else:
        rows = connection.execute(f"""
            select downstream_remote_address[:-7], authority, method,
              list_aggregate(string_split(path, '/')[1:3], 'string_agg', '/'), response_code, count(*),
              min(start_time), max(start_time)
            from read_json('{log}', format = 'newline_delimited', columns = {{
              downstream_remote_address: 'VARCHAR', authority: 'VARCHAR', method: 'VARCHAR', path: 'VARCHAR',
              response_code: 'INTEGER', start_time: 'VARCHAR'}})
            group by 1, 2, 3, 4, 5""").fetchall()
else:
    from chdb import session
    if form == "istio-text":
        query = f"""
            select substring(t[-3], 1, length(t[-3]) - 6), trim(both '"' from t[-8]), substring(t[2], 2),
              arrayStringConcat(arraySlice(splitByChar('/', t[3]), 1, 3), '/'), t[5], count(), min(t[1]), max(t[1])
            from (select splitByChar(' ', line) as t from file('{log}', 'LineAsString', 'line String'))
            group by 1, 2, 3, 4, 5"""
    elif engine == "chdb-search":
        query = f"""
            select substring(a, 1, length(a) - 6), simpleJSONExtractString(line, 'authority'),
              simpleJSONExtractString(line, 'method'),
              arrayStringConcat(arraySlice(splitByChar('/', simpleJSONExtractString(line, 'path')), 1, 3), '/'),
              simpleJSONExtractInt(line, 'response_code'), count(), min(t), max(t)
            from (select line, simpleJSONExtractString(line, 'downstream_remote_address') as a,
                simpleJSONExtractString(line, 'start_time') as t
              from file('{log}', 'LineAsString', 'line String'))
            group by 1, 2, 3, 4, 5"""
    else:
        query = f"""
            select substring(j.1, 1, length(j.1) - 6), j.2, j.3,
              arrayStringConcat(arraySlice(splitByChar('/', j.4), 1, 3), '/'), j.5, count(), min(j.6), max(j.6)
            from (select JSONExtract(line, 'Tuple(downstream_remote_address String, authority String,
                method String, path String, response_code Int32, start_time String)') as j
              from file('{log}', 'LineAsString', 'line String'))
            group by 1, 2, 3, 4, 5"""
    text = session.Session().query(query + f" settings max_threads = {threads}", "TabSeparated").bytes().decode()
    rows = [line.split("\t") for line in text.splitlines()]
with open(out, "w") as file:
    for row in sorted((str(r[0]), str(r[1]), str(r[2]), str(r[3]), int(r[4]), int(r[5])) for r in rows):
        file.write("\t".join(map(str, row)) + "\n")
