with anchors as (
  select
    a.certificate_id,
    coalesce(nullif(a.subject, ''), a.fingerprint) as name,
    a.fingerprint,
    a.location_id,
    (
      select count(*)
      from certificate_chain h
      join certificate c on c.certificate_id = h.certificate_id
      where h.issuer_certificate_id = a.certificate_id
        and c.svid_profile <> 'none'
        and c.role = 'leaf'
    ) as leaf_count,
    (
      select min(s.namespace || '/' || s.name)
      from certificate_sighting s
      where s.certificate_id = a.certificate_id
        and s.source = 'kubernetes-secret'
        and (
          s.name = 'istio-ca-secret'
          or (s.name = 'cacerts' and s.key = 'ca-cert.pem')
          or (s.name = 'linkerd-identity-issuer' and s.key in ('tls.crt', 'crt.pem'))
        )
    ) as secret
  from trust_anchor a
)
select
  'certificate ' || name as subject,
  'sha256 ' || substr(fingerprint, 1, 16) as discriminator,
  case when leaf_count > 0 or secret is not null then 'fail' else 'pass' end as status,
  case
    when secret is not null
      then 'trust anchor "' || name || '" is the signing certificate in Secret "' || secret || '"'
    when leaf_count > 0
      then 'trust anchor "' || name || '" signed ' || leaf_count
        || ' workload certificates itself'
    else 'trust anchor "' || name || '" signs no workload certificates itself'
  end as message,
  location_id,
  json_object(
    'name', name, 'fingerprint', fingerprint, 'secret', secret, 'leaves', leaf_count
  ) as evidence
from anchors
order by name, fingerprint
