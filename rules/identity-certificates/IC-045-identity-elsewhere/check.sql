with shown as (
  select
    c.name,
    s.namespace,
    coalesce(s.pod, s.name) as holder,
    s.source,
    s.location_id,
    case
      when c.spiffe_id like 'spiffe://%/ns/%/sa/%' then substr(
        substr(c.spiffe_id, instr(c.spiffe_id, '/ns/') + 4),
        1,
        instr(substr(c.spiffe_id, instr(c.spiffe_id, '/ns/') + 4), '/sa/') - 1
      )
      -- Of "<account>.<namespace>" what follows the last dot.
      when c.identity like '%.serviceaccount.identity.%' then replace(
        substr(c.identity, 1, instr(c.identity, '.serviceaccount.') - 1),
        rtrim(
          substr(c.identity, 1, instr(c.identity, '.serviceaccount.') - 1),
          replace(substr(c.identity, 1, instr(c.identity, '.serviceaccount.') - 1), '.', '')
        ),
        ''
      )
    end as own_namespace
  from certificate_sighting s
  join certificate c on c.certificate_id = s.certificate_id
  where s.role = 'leaf'
    and s.namespace is not null
    and s.source in ('envoy-secrets', 'kubernetes-secret')
),
judged as (
  select
    name,
    namespace,
    own_namespace,
    holder,
    location_id,
    namespace <> own_namespace as is_elsewhere,
    row_number() over (
      partition by name
      order by namespace <> own_namespace desc, namespace, holder
    ) as place
  from shown
  where own_namespace is not null
)
select
  'certificate ' || name as subject,
  case when is_elsewhere then 'fail' else 'pass' end as status,
  case
    when is_elsewhere
      then '"' || holder || '" in namespace "' || namespace || '" holds "' || name || '"'
    else '"' || name || '" is held in its own namespace'
  end as message,
  location_id,
  json_object('identity', name, 'namespace', namespace, 'holder', holder) as evidence
from judged
where place = 1
order by name
