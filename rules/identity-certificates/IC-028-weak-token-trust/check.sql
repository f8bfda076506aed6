with token_rules as (
  select
    r.namespace,
    r.name,
    r.location_id,
    j.key as rule_index,
    json_extract(j.value, '$.issuer') as issuer,
    json_extract(j.value, '$.jwksUri') as keys_address,
    coalesce(json_array_length(j.value, '$.audiences'), 0) as audience_count
  from resource r, json_each(r.spec, '$.jwtRules') j
  where r.kind = 'RequestAuthentication'
    and r.api_group = 'security.istio.io'
)
select
  'RequestAuthentication ' || namespace || '/' || name as subject,
  'rule ' || rule_index as discriminator,
  case
    when lower(coalesce(keys_address, '')) like 'http://%' or audience_count = 0 then 'fail'
    else 'pass'
  end as status,
  case
    when lower(coalesce(keys_address, '')) like 'http://%'
      then 'the keys of issuer "' || issuer || '" are fetched over plain HTTP from "'
        || keys_address || '"'
    when audience_count = 0
      then 'tokens of issuer "' || issuer || '" are accepted for any audience'
    else 'tokens of issuer "' || issuer || '" are checked for their audience'
  end as message,
  location_id,
  json_object(
    'issuer', issuer, 'jwks_uri', keys_address, 'audiences', audience_count
  ) as evidence
from token_rules
order by namespace, name, rule_index
