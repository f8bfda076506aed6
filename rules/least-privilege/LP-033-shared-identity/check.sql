with identity_users as (
  select
    i.principal,
    i.namespace,
    i.service_account,
    count(distinct coalesce(w.application, w.name)) as application_count,
    (
      select json_group_array(application)
      from (
        select distinct coalesce(o.application, o.name) as application
        from workload o
        where o.identity = i.principal
        order by application
      )
    ) as applications,
    min(w.location_id) as workload_location_id
  from identity i
  join workload w on w.identity = i.principal
  where i.service_account is not null
  group by i.principal, i.namespace, i.service_account
)
select
  'service-account ' || u.namespace || '/' || u.service_account as subject,
  case when u.application_count > 1 then 'fail' else 'pass' end as status,
  case
    when u.application_count > 1
      then 'service account "' || u.namespace || '/' || u.service_account || '" is shared by '
        || u.application_count || ' applications: ' || u.applications
    else 'service account "' || u.namespace || '/' || u.service_account || '" belongs to '
      || u.applications
  end as message,
  coalesce(a.location_id, u.workload_location_id) as location_id,
  json_object(
    'identity', u.principal, 'applications', json(u.applications)
  ) as evidence
from identity_users u
left join service_account a on a.namespace = u.namespace and a.name = u.service_account
order by subject
