with checks (variable, weak_value, effect) as (
  values
    (
      'PILOT_SKIP_VALIDATE_TRUST_DOMAIN', 'true',
      'sidecars and waypoints take certificates of any trust domain that their root signs'
    ),
    ('XDS_AUTH', 'false', 'clients of the control plane are not authenticated'),
    (
      'PILOT_ENABLE_XDS_IDENTITY_CHECK', 'false',
      'a client of the control plane may act for namespaces that are not its own'
    ),
    (
      'ISTIO_WORKLOAD_ENTRY_VALIDATE_IDENTITY', 'false',
      'a workload may register under a WorkloadEntry of another identity'
    ),
    (
      'JWKS_RESOLVER_INSECURE_SKIP_VERIFY', 'true',
      'keys for tokens are fetched without checking the certificate of their server'
    ),
    (
      'TRUSTED_GATEWAY_CIDR', null,
      'connections from an address range are taken for gateways that vouch for their clients'
    )
),
judged as (
  select
    c.variable,
    c.effect,
    s.value,
    s.is_default,
    s.location_id,
    case when c.weak_value is null then s.value <> '' else s.value = c.weak_value end as is_weak
  from setting s
  join checks c on s.name = 'istiod:' || c.variable
  where s.layer = 'istio'
)
select
  'istiod ' || variable as subject,
  case when is_weak then 'fail' else 'pass' end as status,
  case
    when is_weak then variable || ' is "' || value || '": ' || effect
    else 'istiod runs with ' || variable || ' "' || value || '"'
      || case is_default when 1 then ', the default' else '' end
  end as message,
  location_id,
  json_object('variable', variable, 'value', value, 'is_default', is_default) as evidence
from judged
order by variable
