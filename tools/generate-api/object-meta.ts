import type { CrdSchema } from "./crd.ts";

const text = (description: string): CrdSchema => ({ type: "string", description });
const texts = (description: string): CrdSchema => ({
  type: "object",
  description,
  additionalProperties: { type: "string" },
});

/**
 * The fields of `metadata` that we use, since a CRD says nothing of them. Required is what an object always has when
 * the API server returns it.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 */
export const OBJECT_META: CrdSchema = {
  type: "object",
  description: "The fields of metav1.ObjectMeta that we use, as the API server returns them.",
  required: ["name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp"],
  properties: {
    name: { type: "string" },
    namespace: { type: "string" },
    uid: text("Differs from that of an object of the same name which existed before."),
    resourceVersion: text("Opaque: to be compared for equality only."),
    generation: { type: "integer", description: "Counts the changes of spec." },
    creationTimestamp: text("RFC 3339."),
    deletionTimestamp: text("RFC 3339; absent unless the object is being deleted."),
    labels: texts("For selecting objects."),
    annotations: texts("For everything else."),
    ownerReferences: {
      type: "array",
      description: "The objects with which this one is deleted.",
      items: {
        type: "object",
        required: ["apiVersion", "kind", "name", "uid"],
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          name: { type: "string" },
          uid: { type: "string" },
          controller: { type: "boolean" },
          blockOwnerDeletion: { type: "boolean" },
        },
      },
    },
  },
};
