with judged_subjects as (
  -- Routes at Servers are Linkerd's inbound ones; others belong to gateways and services.
  select
    r.kind || ' ' || r.namespace || '/' || r.name as subject,
    r.location_id
  from resource r
  where r.kind in ('HTTPRoute', 'GRPCRoute')
    and exists (
      select 1
      from json_each(r.spec, '$.parentRefs') p
      where json_extract(p.value, '$.kind') = 'Server'
        and json_extract(p.value, '$.group') = 'policy.linkerd.io'
    )
),
found_lints as (
  select
    l.subject as subject,
    l.detail,
    l.message,
    l.location_id
  from mesh_lint l
  where l.lint = 'L17'
)
select
  s.subject,
  coalesce(f.detail, '') as discriminator,
  case when f.subject is null then 'pass' else 'fail' end as status,
  coalesce(f.message, s.subject || ' holds only what Linkerd supports') as message,
  coalesce(f.location_id, s.location_id) as location_id,
  json_object('subject', s.subject, 'lint', 'L17', 'detail', f.detail) as evidence
from judged_subjects s
left join found_lints f on f.subject = s.subject
order by s.subject, f.detail
