with written_policies as (
  -- Before v1beta3 a Server has no accessPolicy: the API server drops the field.
  select
    'Server ' || r.namespace || '/' || r.name as subject,
    'accessPolicy' as field,
    json_extract(r.spec, '$.accessPolicy') as value,
    r.location_id
  from resource r
  where r.kind = 'Server'
    and r.api_group = 'policy.linkerd.io'
    and r.api_version not in ('v1alpha1', 'v1beta1', 'v1beta2')
  union all
  select
    'workload ' || w.namespace || '/' || w.name as subject,
    a.key as field,
    a.value,
    w.location_id
  from workload w
  join json_each(w.annotations) a
  where w.layer = 'linkerd' and a.key = 'config.linkerd.io/default-inbound-policy'
  union all
  select
    'namespace ' || r.name as subject,
    a.key as field,
    a.value,
    r.location_id
  from resource r
  join json_each(r.annotations) a
  where r.kind = 'Namespace' and a.key = 'config.linkerd.io/default-inbound-policy'
  union all
  -- What nobody wrote is the question of LP-002.
  select
    'mesh linkerd' as subject,
    'proxy.defaultInboundPolicy' as field,
    s.value,
    s.location_id
  from setting s
  where s.layer = 'linkerd' and s.name = 'default_inbound_policy' and s.is_default = 0
)
select
  subject,
  case
    when value in ('all-unauthenticated', 'cluster-unauthenticated', 'audit') then 'fail'
    else 'pass'
  end as status,
  case
    when value in ('all-unauthenticated', 'cluster-unauthenticated', 'audit')
      then subject || ' has ' || field || ' "' || value || '", which lets in clients without an identity'
    when value is null then subject || ' has no accessPolicy: it denies what no authorization names'
    else subject || ' has ' || field || ' "' || value || '"'
  end as message,
  location_id,
  json_object('subject', subject, 'field', field, 'value', value) as evidence
from written_policies
order by subject
