with leaves as (
  select
    c.certificate_id,
    coalesce(
      c.identity,
      (
        select min(n.value)
        from certificate_name n
        where n.certificate_id = c.certificate_id and n.kind in ('uri', 'dns')
      ),
      nullif(c.subject, ''),
      'serial ' || c.serial,
      c.fingerprint
    ) as name,
    c.serial,
    c.svid_profile,
    c.location_id,
    c.not_after,
    c.fingerprint
  from certificate c
  where c.svid_profile <> 'none'
    and exists (
      select 1
      from certificate_sighting s
      where s.certificate_id = c.certificate_id and s.role in ('leaf')
    )
),
judged as (
  select
    l.name,
    l.serial,
    l.fingerprint,
    l.location_id,
    l.not_after,
    (
      select json_group_array(f.value)
      from certificate c, json_each(c.svid_failures) f
      where c.certificate_id = l.certificate_id and f.value in ('X11', 'X12', 'X15', 'X16')
    ) as failures,
    (
      select count(*)
      from certificate c, json_each(c.svid_unknown) f
      where c.certificate_id = l.certificate_id and f.value in ('X11', 'X12', 'X15', 'X16')
    ) as unknown_count
  from leaves l
),
ranked as (
  -- The worst certificate of a name speaks for it, the newest among equals.
  select
    name,
    serial,
    location_id,
    failures,
    unknown_count,
    row_number() over (
      partition by name
      order by
        json_array_length(failures) desc, unknown_count desc, not_after desc, fingerprint
    ) as place
  from judged
)
select
  'certificate ' || name as subject,
  case
    when json_array_length(failures) > 0 then 'fail'
    when unknown_count > 0 then 'not-assessed'
    else 'pass'
  end as status,
  case when json_extract(failures, '$[0]') = 'X15' then 'low' end as severity,
  case
    when json_array_length(failures) > 0 then 'the certificate of "' || name || '" ' ||
      case json_extract(failures, '$[0]')
      when 'X11' then 'has no critical key usage'
      when 'X12' then 'may not sign data (digitalSignature)'
      when 'X15' then 'has no extended key usage'
      when 'X16' then 'lacks server or client authentication'
      end
    when unknown_count > 0
      then 'the format of the inventory does not tell it of the certificate of "' || name || '"'
    else 'the certificate of "' || name || '" is as it should be'
  end as message,
  location_id,
  json_object('name', name, 'serial', serial, 'requirements', json(failures)) as evidence
from ranked
where place = 1
order by name
