with logged_paths as (
  select
    destination_workload_id,
    path_template,
    instr(path_template, '{token}') > 0 as has_token,
    instr(path_template, '{email}') > 0 as has_email,
    sum(request_count) as request_count
  from observed_request
  where path_template is not null and destination_workload_id is not null and is_repeated = 0
  group by destination_workload_id, path_template
)
select
  'workload ' || w.namespace || '/' || w.name as subject,
  case when max(p.has_token or p.has_email) then 'fail' else 'pass' end as status,
  case
    when max(p.has_token or p.has_email)
      then 'paths of requests to workload "' || w.namespace || '/' || w.name || '" hold '
        || case
          when max(p.has_token) and max(p.has_email) then 'tokens and e-mail addresses'
          when max(p.has_token) then 'tokens'
          else 'e-mail addresses'
        end || ', for example ' || min(case when p.has_token or p.has_email then p.path_template end)
    else 'no path of a request to workload "' || w.namespace || '/' || w.name
      || '" holds a token or an e-mail address'
  end as message,
  w.location_id,
  json_object(
    'workload', w.namespace || '/' || w.name,
    'requests', sum(case when p.has_token or p.has_email then p.request_count else 0 end),
    'paths', json_group_array(p.path_template) filter (where p.has_token or p.has_email)
  ) as evidence
from logged_paths p
join workload w on w.workload_id = p.destination_workload_id
group by w.workload_id
order by w.namespace, w.name
