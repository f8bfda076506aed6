// AccessLogReader
