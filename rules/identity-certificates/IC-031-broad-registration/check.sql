with registrations as (
  select
    'SPIRE entry ' || e.spiffe_id as subject,
    e.entry as discriminator,
    e.location_id,
    case
      when not exists (
        select 1
        from json_each(e.selectors) s
        where s.value not like 'k8s:ns:%'
      ) then 'selects by namespace alone'
    end as defect
  from spire_entry e
  where e.parent_id not like 'spiffe://%/spire/server'
  union all
  select
    'ClusterSPIFFEID ' || i.name,
    '',
    i.location_id,
    case
      when i.template like '%.PodMeta.Labels%' or i.template like '%.PodMeta.Annotations%'
        then 'takes the ID from labels or annotations that whoever writes the pod chooses'
      when i.template not like '%ServiceAccountName%'
        and i.template not like '%.PodMeta.Name %'
        and i.template not like '%.PodMeta.Name}%'
        and i.template not like '%.PodMeta.UID%'
        and i.has_pod_selector = 0
        then 'gives all pods of a namespace one ID'
    end
  from certificate_issuer i
  where i.kind = 'ClusterSPIFFEID'
)
select
  subject,
  discriminator,
  case when defect is not null then 'fail' else 'pass' end as status,
  subject || ' ' || coalesce(defect, 'selects a workload') as message,
  location_id,
  json_object('registration', subject, 'defect', defect) as evidence
from registrations
order by subject, discriminator
