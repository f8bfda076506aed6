-- Of each key the newest list and the newest changes to it; one that its CA did not sign decides nothing.
with lists as (
  select
    revocation_list_id,
    issuer,
    authority_key_id,
    this_update,
    next_update,
    signature,
    is_delta,
    row_number() over (
      partition by issuer, authority_key_id, is_delta
      order by signature = 'valid' desc, this_update desc, fingerprint
    ) as place
  from revocation_list
  where is_decisive = 1
    and signature <> 'invalid'
),
-- Without key identifiers the name decides. Of two entries the later one holds.
covered as (
  select
    c.certificate_id,
    c.name,
    c.serial,
    c.fingerprint,
    c.issuer,
    c.is_ca,
    c.location_id,
    l.signature,
    l.this_update,
    l.next_update,
    s.revoked_at,
    s.reason,
    s.serial is not null and s.reason <> 'removeFromCRL' and s.revoked_at <= :as_of as is_revoked,
    row_number() over (
      partition by c.certificate_id
      order by
        l.signature = 'valid' desc,
        s.serial is not null desc,
        l.this_update desc,
        l.is_delta desc
    ) as place
  from certificate c
  join lists l
    on l.issuer = c.issuer
    and coalesce(l.authority_key_id = c.authority_key_id, 1)
    and l.place = 1
  left join revoked_serial s
    on s.revocation_list_id = l.revocation_list_id
    and s.serial = c.serial
  where c.serial is not null
    and coalesce(c.not_after, '9999') > :as_of
    and (l.is_delta = 0 or s.serial is not null)
),
judged as (
  select
    c.*,
    case
      when c.signature <> 'valid' then 'not-assessed'
      when c.is_revoked then 'fail'
      when coalesce(c.next_update, '') <= :as_of then 'not-assessed'
      else 'pass'
    end as status
  from covered c
  where c.place = 1
),
worst as (
  select
    j.*,
    row_number() over (
      partition by j.name
      order by
        j.status = 'fail' desc,
        j.status = 'not-assessed' desc,
        j.is_revoked desc,
        j.fingerprint
    ) as rank
  from judged j
)
select
  'certificate ' || name as subject,
  status,
  case
    when status = 'fail' then 'the certificate ' || serial || ' of "' || name || '" was revoked at '
      || revoked_at || ' (' || reason || ') by "' || issuer || '"'
    when is_revoked then 'a list takes back the certificate ' || serial || ' of "' || name
      || '", and its signature could not be verified'
    when signature = 'valid' and status = 'not-assessed' then 'the certificate of "' || name
      || '" is on no list, and the list of its issuer was due to be replaced at '
      || coalesce(next_update, 'a time that it does not say')
    when status = 'not-assessed' then 'the list for the certificate of "' || name
      || '" has a signature that could not be verified: its CA "' || issuer
      || '" is missing among the inputs, or its key is of a kind that is not verified'
    else 'the certificate of "' || name || '" is on no revocation list of its issuer'
  end as message,
  location_id,
  json_object(
    'name', name, 'serial', serial, 'issuer', issuer, 'revoked_at', revoked_at, 'reason', reason,
    'list_of', this_update, 'chains_over_it', case
      when status = 'fail' and is_ca = 1 then (
        select count(*)
        from certificate_chain h
        where exists (
          select 1
          from json_each(h.path) p
          where p.value = worst.certificate_id and p.key > 0
        )
      )
    end
  ) as evidence
from worst
where rank = 1
order by name
