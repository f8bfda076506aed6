with named_certificates as (
  select
    c.name,
    c.key_algorithm,
    c.key_bits,
    c.curve,
    c.role,
    c.serial,
    c.location_id,
    case
      when c.key_algorithm is null or c.key_bits is null then null
      when upper(c.key_algorithm) like 'RSA%' then c.key_bits < :min_rsa_bits
      when upper(c.key_algorithm) = 'EC' then c.key_bits < :min_ec_bits
      else 0
    end as is_weak
  from certificate c
),
ranked_certificates as (
  -- The weakest key of a name speaks for it.
  select
    name,
    key_algorithm,
    key_bits,
    curve,
    role,
    serial,
    location_id,
    is_weak,
    row_number() over (
      partition by name
      order by is_weak desc, key_bits, serial
    ) as weakness_rank
  from named_certificates
)
select
  'certificate ' || name as subject,
  case
    when is_weak is null then 'not-applicable'
    when is_weak then 'fail'
    else 'pass'
  end as status,
  case
    when is_weak is null then 'the inventory does not say which key "' || name || '" has'
    else 'the key of "' || name || '" is ' || key_algorithm || coalesce(' ' || curve, '') || ' of '
      || coalesce(key_bits, 0) || ' bits'
  end as message,
  location_id,
  json_object(
    'name', name, 'role', role, 'serial', serial, 'key_algorithm', key_algorithm,
    'key_bits', key_bits, 'curve', curve
  ) as evidence
from ranked_certificates
where weakness_rank = 1
order by name
