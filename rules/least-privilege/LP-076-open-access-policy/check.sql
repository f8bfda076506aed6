with judged_subjects as (
  select
    r.kind || ' ' || r.namespace || '/' || r.name as subject,
    r.location_id
  from resource r
  where r.api_group = 'policy.linkerd.io' and r.kind in ('Server')
),
found_lints as (
  select
    l.subject as subject,
    l.detail,
    l.message,
    l.location_id
  from mesh_lint l
  where l.lint = 'L13'
)
select
  s.subject,
  coalesce(f.detail, '') as discriminator,
  case when f.subject is null then 'pass' else 'fail' end as status,
  coalesce(f.message, s.subject || ' denies what no authorization names') as message,
  coalesce(f.location_id, s.location_id) as location_id,
  json_object('subject', s.subject, 'lint', 'L13', 'detail', f.detail) as evidence
from judged_subjects s
left join found_lints f on f.subject = s.subject
order by s.subject, f.detail
