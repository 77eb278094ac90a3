/** vCPUs that run the same program are of one class: one of them can stand for all. */

/** The classes of programs that so many vCPUs run, in the order in which they appear. */
export function programClasses(vcpus: number, classOf: (vcpu: number) => number): number[] {
  return [...firstOfEachClass(vcpus, classOf).keys()];
}

/** The first vCPU of each class, by class. */
export function firstOfEachClass(vcpus: number, classOf: (vcpu: number) => number): Map<number, number> {
  const firsts = new Map<number, number>();
  for (let vcpu = 0; vcpu < vcpus; vcpu++) if (!firsts.has(classOf(vcpu))) firsts.set(classOf(vcpu), vcpu);
  return firsts;
}
