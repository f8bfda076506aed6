with anchors as (
  select distinct
    s.source,
    s.name,
    coalesce(s.key, '') as key,
    coalesce(s.trust_domain, '') as trust_domain,
    coalesce(s.namespace || '/' || s.pod, s.namespace, s.pod, l.path) as copy,
    c.fingerprint,
    s.location_id
  from certificate_sighting s
  join certificate c on c.certificate_id = s.certificate_id
  left join location l on l.location_id = s.location_id
  where s.role = 'anchor'
    and s.name is not null
    and s.source in ('kubernetes-configmap', 'kubernetes-secret', 'envoy-secrets')
),
ordered as (
  select distinct source, name, key, trust_domain, copy, fingerprint
  from anchors
  order by source, name, key, trust_domain, copy, fingerprint
),
copies as (
  select
    source,
    name,
    key,
    trust_domain,
    copy,
    json_group_array(substr(fingerprint, 1, 16)) as content
  from ordered
  group by source, name, key, trust_domain, copy
),
contents as (
  select
    source,
    name,
    key,
    trust_domain,
    content,
    count(*) as copy_count,
    min(copy) as copy,
    row_number() over (
      partition by source, name, key, trust_domain
      order by count(*), min(copy)
    ) as rarity
  from copies
  group by source, name, key, trust_domain, content
),
bundles as (
  select
    source,
    name,
    key,
    trust_domain,
    sum(copy_count) as copy_count,
    count(*) as content_count,
    max(case when rarity = 1 then copy end) as odd_copy,
    json_group_array(
      json_object('copies', copy_count, 'for_example', copy, 'anchors', json(content))
    ) as contents
  from contents
  group by source, name, key, trust_domain
)
select
  'trust bundle ' || b.name || case b.key when '' then '' else ' ' || b.key end as subject,
  case b.trust_domain when '' then b.source else b.source || ' ' || b.trust_domain end
    as discriminator,
  case
    when b.copy_count = 1 then 'not-applicable'
    when b.content_count > 1 then 'fail'
    else 'pass'
  end as status,
  case
    when b.copy_count = 1 then 'one copy of "' || b.name || '" is known'
    when b.content_count > 1
      then 'the ' || b.copy_count || ' copies of "' || b.name || '" hold ' || b.content_count
        || ' different sets of anchors; the odd one is in "' || b.odd_copy || '"'
    else 'the ' || b.copy_count || ' copies of "' || b.name || '" hold the same anchors'
  end as message,
  (
    select min(a.location_id)
    from anchors a
    where a.source = b.source
      and a.name = b.name
      and a.key = b.key
      and a.trust_domain = b.trust_domain
      and a.copy = b.odd_copy
  ) as location_id,
  json_object('bundle', b.name, 'source', b.source, 'contents', json(b.contents)) as evidence
from bundles b
order by b.name, b.key, b.source, b.trust_domain
