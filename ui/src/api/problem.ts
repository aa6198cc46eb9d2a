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
