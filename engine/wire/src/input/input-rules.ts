import { enumMembers } from "../enum-members/enum-members.ts";
import type { ServiceModel } from "../service-model.ts";
import type { InputRules } from "./check-input.ts";

const known = new WeakMap<ServiceModel, InputRules>();

/** What inputs of a service are checked against: the definition's constraints and the SDK's enumerations. */
export function inputRules(model: ServiceModel): InputRules {
  let rules = known.get(model);
  if (rules === undefined) {
    const enums = enumMembers(model.definition.id);
    const enumOf = (key: string): readonly string[] | undefined => {
      const name = enums[key];
      return name === undefined ? undefined : model.enumValues(name);
    };
    known.set(model, (rules = { constraints: model.definition.constraints ?? {}, enumOf }));
  }
  return rules;
}
