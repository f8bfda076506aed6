with judged_subjects as (
  select
    'workload ' || w.namespace || '/' || w.name as subject,
    w.location_id
  from workload w
  where w.layer = 'linkerd'
),
found_lints as (
  select
    'workload ' || l.namespace || '/' || l.name as subject,
    l.detail,
    l.message,
    l.location_id
  from mesh_lint l
  where l.lint = 'L20'
)
select
  s.subject,
  coalesce(f.detail, '') as discriminator,
  case when f.subject is null then 'pass' else 'fail' end as status,
  coalesce(f.message, s.subject || ' has no probe that its routes refuse') as message,
  coalesce(f.location_id, s.location_id) as location_id,
  json_object('subject', s.subject, 'lint', 'L20', 'detail', f.detail) as evidence
from judged_subjects s
left join found_lints f on f.subject = s.subject
order by s.subject, f.detail
