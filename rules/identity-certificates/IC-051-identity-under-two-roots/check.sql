with held as (
  select
    c.identity,
    c.serial,
    c.not_before,
    c.location_id,
    coalesce(nullif(a.subject, ''), a.public_key_fingerprint, a.fingerprint) as root
  from certificate c
  join certificate_chain h on h.certificate_id = c.certificate_id
  join certificate a on a.certificate_id = h.anchor_certificate_id
  where c.identity is not null
    and c.not_before is not null
    and c.role in ('leaf', 'unknown')
    and h.outcome = 'complete'
    -- Of a cross-signed chain each root is one of several that vouch for the same issuer.
    and h.anchor_count = 1
),
roots as (
  select
    identity,
    root,
    min(not_before) as first_issued,
    max(not_before) as last_issued,
    max(location_id) as location_id
  from held
  group by identity, root
),
pairs as (
  select
    one.identity,
    one.root as one,
    other.root as other,
    other.location_id,
    -- The one that came later had begun before the earlier one ended.
    one.last_issued > other.first_issued as is_in_turns
  from roots one
  join roots other
    on other.identity = one.identity
    and (other.first_issued, other.root) > (one.first_issued, one.root)
),
identities as (
  select
    r.identity,
    count(*) as root_count,
    json_group_array(r.root) as roots,
    min(r.location_id) as location_id
  from roots r
  group by r.identity
),
worst as (
  select
    p.identity,
    p.one,
    p.other,
    p.location_id,
    row_number() over (partition by p.identity order by p.one, p.other) as place
  from pairs p
  where p.is_in_turns = 1
)
select
  'identity ' || i.identity as subject,
  case when w.identity is null then 'pass' else 'fail' end as status,
  case
    when w.identity is not null then '"' || i.identity || '" is issued in turns under "' || w.one
      || '" and "' || w.other || '"'
    when i.root_count = 1 then 'all certificates of "' || i.identity || '" chain to one root'
    else '"' || i.identity || '" went over from one root to the next'
  end as message,
  coalesce(w.location_id, i.location_id) as location_id,
  json_object('identity', i.identity, 'roots', json(i.roots)) as evidence
from identities i
left join worst w
  on w.identity = i.identity
  and w.place = 1
order by i.identity
