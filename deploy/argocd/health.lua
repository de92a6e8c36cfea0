-- Argo CD's health of an AwsAccountScan: docs/gitops.md says how to install it, and why a violation is Healthy.
-- A condition counts where it is of the spec as it is now; kstatus's Reconciling and Stalled are there only when True.
local function condition(type)
  local conditions = obj.status ~= nil and obj.status.conditions or {}
  for _, candidate in ipairs(conditions) do
    if candidate.type == type and candidate.observedGeneration == obj.metadata.generation then
      return candidate
    end
  end
  return { status = "Unknown", message = "Waiting for the operator." }
end

local ready = condition("Ready")
local stalled = condition("Stalled")

if stalled.status == "True" then
  return { status = "Degraded", message = stalled.message }
end
if obj.spec ~= nil and obj.spec.suspend == true then
  return { status = "Suspended", message = ready.message }
end
if ready.status == "False" then
  return { status = "Degraded", message = ready.message }
end
if ready.status == "True" and obj.status.observedGeneration == obj.metadata.generation then
  return { status = "Healthy", message = condition("Compliant").message }
end
return { status = "Progressing", message = ready.message }
