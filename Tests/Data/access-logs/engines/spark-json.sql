with line as (
  select
    coalesce(record.`authority`, '') as m0,
    try_cast(record.`bytes_received` as bigint) as m1,
    try_cast(record.`bytes_sent` as bigint) as m2,
    coalesce(record.`connection_termination_details`, '') as m3,
    coalesce(record.`downstream_local_address`, '') as m4,
    regexp_replace(coalesce(record.`downstream_remote_address`, ''), '(?s):[1-9][0-9]*$', ':1') as m5,
    try_cast(record.`duration` as bigint) as m6,
    coalesce(record.`method`, '') as m7,
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(coalesce(record.`path`, ''), '(?s)[?#].*$', ''), '(?s)/[0-9]+(/|$)', '/{id}$1'), '(?s)/[0-9]+(/|$)', '/{id}$1'), '(?s)/[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(/|$)', '/{id}$1'), '(?s)/[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(/|$)', '/{id}$1') as m8,
    coalesce(record.`protocol`, '') as m9,
    coalesce(record.`requested_server_name`, '') as m10,
    try_cast(record.`response_code` as bigint) as m11,
    coalesce(record.`response_code_details`, '') as m12,
    coalesce(record.`response_flags`, '') as m13,
    coalesce(record.`start_time`, '') as m14,
    coalesce(record.`upstream_cluster`, '') as m15,
    coalesce(record.`upstream_host`, '') as m16
  from (select from_json(value, '`authority` string, `bytes_received` string, `bytes_sent` string, `connection_termination_details` string, `downstream_local_address` string, `downstream_remote_address` string, `duration` string, `method` string, `path` string, `protocol` string, `requested_server_name` string, `response_code` string, `response_code_details` string, `response_flags` string, `start_time` string, `upstream_cluster` string, `upstream_host` string') as record from text.`access-*.jsonl`) as text_line
),
request as (
  select
    m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16,
    substring(m14, 1, 10) as day,
    case when substring(m14, 11, 1) = 'T' then shiftleft(1, coalesce(try_cast(substring(m14, 12, 2) as int), 0)) else 0 end as hour_bit,
    coalesce(m1, 0) + coalesce(m2, 0) > 0 as has_bytes,
    case when m6 is null or m6 < 0 then null
            when m6 < 8 then m6
            when m6 < 16 then m6 - m6 % 2
            when m6 < 32 then m6 - m6 % 4
            when m6 < 64 then m6 - m6 % 8
            when m6 < 128 then m6 - m6 % 16
            when m6 < 256 then m6 - m6 % 32
            when m6 < 512 then m6 - m6 % 64
            when m6 < 1024 then m6 - m6 % 128
            when m6 < 2048 then m6 - m6 % 256
            when m6 < 4096 then m6 - m6 % 512
            when m6 < 8192 then m6 - m6 % 1024
            when m6 < 16384 then m6 - m6 % 2048
            when m6 < 28672 then m6 - m6 % 4096 else 28672 end as bucket
  from line
  where m14 <> ''
),
bucket_count as (
  select
    day, m0, m3, m4, m5, m7, m8, m9, m10, m11, m12, m13, m15, m16, has_bytes, bucket,
    count(*) as line_count,
    min(m14) as first_time,
    max(m14) as last_time,
    sum(m1) as sum_m1,
    sum(m2) as sum_m2,
    bit_or(hour_bit) as hour_bits
  from request
  group by day, m0, m3, m4, m5, m7, m8, m9, m10, m11, m12, m13, m15, m16, has_bytes, bucket
),
traffic as (
  select
    'traffic-rows-1' as meshaudit_schema,
    sum(line_count) as meshaudit_count,
    max(last_time) as meshaudit_last,
    bit_or(hour_bits) as meshaudit_hours,
    concat_ws(' ', collect_list(concat(bucket, ':', line_count))) as meshaudit_latency,
    m0 as `authority`,
    sum(sum_m1) as `bytes_received`,
    sum(sum_m2) as `bytes_sent`,
    m3 as `connection_termination_details`,
    m4 as `downstream_local_address`,
    m5 as `downstream_remote_address`,
    m7 as `method`,
    m8 as `path`,
    m9 as `protocol`,
    m10 as `requested_server_name`,
    m11 as `response_code`,
    m12 as `response_code_details`,
    m13 as `response_flags`,
    min(first_time) as `start_time`,
    m15 as `upstream_cluster`,
    m16 as `upstream_host`
  from bucket_count
  group by day, m0, m3, m4, m5, m7, m8, m9, m10, m11, m12, m13, m15, m16, has_bytes
),
numbered as (
  select
    meshaudit_schema, count(*) over () as meshaudit_rows, meshaudit_count, meshaudit_last,
    meshaudit_hours, meshaudit_latency, `authority`, `bytes_received`, `bytes_sent`, `connection_termination_details`, `downstream_local_address`, `downstream_remote_address`, `method`, `path`, `protocol`, `requested_server_name`, `response_code`, `response_code_details`, `response_flags`, `start_time`, `upstream_cluster`, `upstream_host`
  from traffic
)
select to_json(struct(meshaudit_schema, meshaudit_rows, meshaudit_count, meshaudit_last, meshaudit_hours, meshaudit_latency, `authority`, `bytes_received`, `bytes_sent`, `connection_termination_details`, `downstream_local_address`, `downstream_remote_address`, `method`, `path`, `protocol`, `requested_server_name`, `response_code`, `response_code_details`, `response_flags`, `start_time`, `upstream_cluster`, `upstream_host`))
from numbered;
