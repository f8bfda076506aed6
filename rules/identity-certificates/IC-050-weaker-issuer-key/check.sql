-- NIST SP 800-57 Part 1 Rev. 5, table 2; of Ed25519 and Ed448 SP 800-186, table 1.
with keys as (
  select
    certificate_id,
    coalesce(nullif(subject, ''), fingerprint) as name,
    fingerprint,
    key_algorithm || coalesce(' ' || coalesce(curve, key_bits), '') as key,
    location_id,
    case
      when key_algorithm = 'Ed25519' then 128
      when key_algorithm = 'Ed448' then 224
      when key_algorithm = 'EC' and key_bits is not null then min(key_bits / 2, 256)
      when key_algorithm <> 'RSA' then null
      when key_bits < 1024 then 0
      when key_bits < 2048 then 80
      when key_bits < 3072 then 112
      when key_bits < 7680 then 128
      when key_bits < 15360 then 192
      when key_bits >= 15360 then 256
    end as bits
  from certificate
),
issued as (
  select
    h.issuer_certificate_id as certificate_id,
    max(k.bits) as strongest,
    count(*) as certificate_count
  from certificate_chain h
  join keys k on k.certificate_id = h.certificate_id
  where h.issuer_certificate_id is not null
  group by h.issuer_certificate_id
)
select
  'certificate ' || k.name as subject,
  'sha256 ' || substr(k.fingerprint, 1, 16) as discriminator,
  case
    when k.bits is null or i.strongest is null then 'not-assessed'
    when k.bits < i.strongest and k.bits < :sufficient_bits then 'fail'
    else 'pass'
  end as status,
  case
    when k.bits is null then 'how strong the key of CA "' || k.name || '" is cannot be told ('
      || coalesce(k.key, 'its inventory does not say') || ')'
    when i.strongest is null then 'how strong the keys are that CA "' || k.name
      || '" certifies cannot be told'
    else 'the key of CA "' || k.name || '" (' || k.key || ') has ' || k.bits
      || ' bits of security, the strongest that it certifies ' || i.strongest
  end as message,
  k.location_id,
  json_object(
    'name', k.name, 'fingerprint', k.fingerprint, 'key', k.key, 'bits', k.bits,
    'strongest_issued', i.strongest, 'issued', i.certificate_count
  ) as evidence
from issued i
join keys k on k.certificate_id = i.certificate_id
order by k.name, k.fingerprint
