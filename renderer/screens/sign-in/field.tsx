import type { ReactNode } from 'react';

interface FieldProps {
  label: string;
  htmlFor: string;
  /** Says what is wrong, in red. */
  problem?: string;
  children: ReactNode;
}

/** A label above its field. Plain HTML: antd's Form would double what must load before anyone can sign in. */
export function Field({ label, htmlFor, problem, children }: FieldProps) {
  return (
    <div className="sign-in-field">
      <label htmlFor={htmlFor}>{label}</label>
      {children}
      {problem && (
        <span className="field-problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}
