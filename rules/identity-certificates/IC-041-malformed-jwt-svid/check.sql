with tokens as (
  select
    coalesce(subject, 'without a subject') as name,
    algorithm,
    audiences,
    failures,
    json_extract(failures, '$[0]') as failure,
    expires_at,
    seconds_between(expires_at, issued_at) as lifetime_seconds,
    location_id
  from jwt_svid
),
judged as (
  select
    name,
    algorithm,
    audiences,
    failures,
    failure,
    expires_at,
    lifetime_seconds,
    location_id,
    case
      when failure is not null or coalesce(lifetime_seconds, 0) > :max_seconds then 'fail'
      else 'pass'
    end as status
  from tokens
)
select
  'token ' || name as subject,
  status,
  'the JWT-SVID of "' || name || '" ' || case
    when status = 'pass' then 'is formed as the standard asks'
    when failure = 'J1' then 'has a header with other members than alg, kid and typ'
    when failure = 'J2-alg' then 'is signed with "' || coalesce(algorithm, '') || '"'
    when failure = 'J2-typ' then 'has a type that is neither JWT nor JOSE'
    when failure = 'J3-sub' then 'names no SPIFFE ID as its subject'
    when failure = 'J3-aud' then 'is addressed to nobody'
    when failure = 'J3-exp' then 'has no end'
    else 'lives for ' || (lifetime_seconds / 60) || ' minutes'
  end as message,
  location_id,
  json_object(
    'name', name, 'algorithm', algorithm, 'audiences', json(audiences), 'failures', json(failures),
    'expires_at', expires_at, 'lifetime_seconds', lifetime_seconds
  ) as evidence
from judged
order by name, location_id
