/*
 * problem.ts - an error of the API (application/problem+json) as an exception, and its way into forms.
 */
export interface FieldProblem {
  field: string;
  code: string;
  detail: string;
}

export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string | undefined,
    readonly errors: FieldProblem[],
    /* With phone_taken: whose number it is. */
    readonly contact?: { id: number; name: string },
    /* With count_changed: how many it would be now. */
    readonly count?: number,
  ) {
    super(detail ? `${title} ${detail}` : title);
  }

  /* From whatever stood in the body; a proxy's HTML page becomes a problem without words. */
  static of(status: number, body: unknown): ApiProblem {
    const b = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const text = (v: unknown) => (typeof v === 'string' ? v : undefined);
    return new ApiProblem(
      status,
      text(b.code) ?? 'unknown',
      text(b.title) ?? '',
      text(b.detail),
      Array.isArray(b.errors) ? (b.errors as FieldProblem[]) : [],
      (b.contact as ApiProblem['contact']) ?? undefined,
      typeof b.count === 'number' ? b.count : undefined,
    );
  }

  /* Field name → sentence, for Mantine's form.setErrors. */
  fields(): Record<string, string> {
    return Object.fromEntries(this.errors.map((e) => [e.field, e.detail]));
  }
}

/* Nobody answered: cable, server, proxy. */
export function unreachable(): ApiProblem {
  return new ApiProblem(0, 'unreachable', '', undefined, []);
}
