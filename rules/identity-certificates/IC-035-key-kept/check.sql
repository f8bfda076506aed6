with holders as (
  select c.name, max(c.location_id) as location_id
  from certificate c
  group by c.name
),
successions as (
  select
    r.identity,
    max(r.role) as role,
    count(*) as certificate_count,
    sum(r.has_previous_key is not null) as told_count,
    sum(coalesce(r.has_previous_key, 0)) as kept_count,
    min(case when r.has_previous_key = 1 then r.previous_not_before end) as kept_since
  from certificate_rotation r
  group by r.identity
),
judged as (
  select
    s.identity,
    s.role,
    s.certificate_count,
    s.kept_count,
    s.kept_since,
    h.location_id,
    case
      when s.certificate_count < 2 or s.identity like '%.serviceaccount.identity.%'
        then 'not-applicable'
      when s.kept_count > 0 then 'fail'
      when s.told_count < s.certificate_count - 1 then 'not-assessed'
      else 'pass'
    end as status
  from successions s
  join holders h on h.name = s.identity
)
select
  'certificate ' || identity as subject,
  status,
  case
    when status = 'not-assessed' then 'the inventory does not tell every key of "' || identity || '"'
    when status = 'fail'
      then '"' || identity || '" kept its key over ' || kept_count
        || case kept_count when 1 then ' renewal' else ' renewals' end || '; it is in use since '
        || kept_since
    when certificate_count < 2 then 'one certificate of "' || identity || '" is known'
    when status = 'not-applicable' then 'Linkerd keeps the key of "' || identity || '" for its pod'
    else 'each of the ' || certificate_count || ' certificates of "' || identity
      || '" has a key of its own'
  end as message,
  location_id,
  json_object(
    'identity', identity, 'role', role, 'certificates', certificate_count, 'kept', kept_count,
    'kept_since', kept_since
  ) as evidence
from judged
order by identity
