with keys as (
  select
    c.name,
    c.key_algorithm,
    c.key_bits,
    c.curve,
    c.role,
    c.serial,
    c.location_id,
    (
      select min(a.value)
      from json_each(c.anomalies) a
      where a.value in (
        'key-rsa-small-factor', 'key-rsa-exponent', 'key-point-invalid',
        'key-explicit-parameters', 'key-curve-unusual', 'key-rsa-close-primes', 'key-rsa-roca',
        'key-rsa-shared-factor'
      )
    ) as defect,
    case
      when c.key_algorithm is null or c.key_bits is null then null
      when upper(c.key_algorithm) like 'RSA%' then c.key_bits < :min_rsa_bits
      when upper(c.key_algorithm) = 'EC' then c.key_bits < :min_ec_bits
      else 0
    end as is_weak
  from certificate c
),
ranked as (
  -- The weakest key of a name speaks for it.
  select
    name,
    key_algorithm,
    key_bits,
    curve,
    role,
    serial,
    location_id,
    defect,
    is_weak or defect is not null as is_weak,
    row_number() over (
      partition by name
      order by is_weak or defect is not null desc, key_bits, serial
    ) as weakness_rank
  from keys
)
select
  'certificate ' || name as subject,
  case
    when is_weak is null then 'not-applicable'
    when is_weak then 'fail'
    else 'pass'
  end as status,
  -- Whoever has the certificate has the private key.
  case
    when defect in (
      'key-rsa-small-factor', 'key-rsa-close-primes', 'key-rsa-roca', 'key-rsa-shared-factor'
    ) then 'critical'
  end as severity,
  case
    when is_weak is null then 'the inventory does not say which key "' || name || '" has'
    when defect is not null then 'the key of "' || name || '" ' || case defect
      when 'key-rsa-small-factor' then 'is divided by a small prime'
      when 'key-rsa-close-primes' then 'has primes so close together that they can be found'
      when 'key-rsa-roca' then 'was made by a library whose keys can be factored (ROCA)'
      when 'key-rsa-shared-factor' then 'has a prime in common with another key of the inventory'
      when 'key-rsa-exponent' then 'has an exponent that is even or below 65537'
      when 'key-point-invalid' then 'is no point of its curve'
      when 'key-explicit-parameters' then 'brings a curve of its own'
      when 'key-curve-unusual' then 'is on ' || coalesce(curve, 'an unknown curve')
    end
    else 'the key of "' || name || '" is ' || key_algorithm || coalesce(' ' || curve, '') || ' of '
      || coalesce(key_bits, 0) || ' bits'
  end as message,
  location_id,
  json_object(
    'name', name, 'role', role, 'serial', serial, 'key_algorithm', key_algorithm,
    'key_bits', key_bits, 'curve', curve, 'defect', defect
  ) as evidence
from ranked
where weakness_rank = 1
order by name
