import { Radio } from 'antd';
import { useId } from 'react';
import { maskIdentity } from '../../../domain/national-id.ts';
import { type ConflictChoice, conflictChoiceNames, conflictChoices, replacementBarrierNames } from '../../../domain/transfer-conflicts.ts';
import type { ConflictSides } from '../../../main/features/transfer-in/contract.ts';
import { chooseAll, type StudentConflict } from './choices.ts';
import { ConflictFile } from './conflict-file.tsx';
import type { Import } from './use-import.ts';

interface ConflictCardProps {
  conflict: StudentConflict;
  sides: ConflictSides | undefined;
  choice: ConflictChoice;
  /** Fields that both sides have alike are listed too. */
  withSame: boolean;
  withStudent: boolean;
  importing: Import;
  check: string;
}

/** One record: what is here, what is in the file, and which of them it shall be. */
export function ConflictCard({ conflict, sides, choice, withSame, withStudent, importing, check }: ConflictCardProps) {
  const title = useId();
  const { section, term, title: name, barrier, ticked } = conflict;
  const choose = (wanted: ConflictChoice) => importing.choose(chooseAll(importing.choices, [conflict], wanted));
  return (
    <article className="transfer-in-conflict" aria-labelledby={title}>
      <h3 id={title}>
        {withStudent && (
          <span className="transfer-in-conflict-student">
            {conflict.studentName} <span className="monospace">{maskIdentity(conflict.nationalId)}</span>
          </span>
        )}
        {section}　{term}　{name}
      </h3>
      {sides && <Sides sides={sides} withSame={withSame} open={{ importing, check, conflictKey: conflict.key }} />}
      <Radio.Group
        aria-label={`${section} ${name} 的處理方式`}
        value={choice}
        disabled={importing.busy}
        onChange={({ target }) => choose(target.value)}
      >
        {conflictChoices.map((each) => (
          <Radio key={each} value={each} disabled={importing.busy || (each === 'replace' && barrier !== null)}>
            {conflictChoiceNames[each]}
          </Radio>
        ))}
      </Radio.Group>
      {barrier && <p className="transfer-in-barrier">不能改用檔案中的資料：{replacementBarrierNames[barrier]}。</p>}
      {ticked && choice === 'replace' && <p className="transfer-in-barrier">學生已勾選這筆紀錄；改用檔案中的資料後，勾選仍然保留。</p>}
    </article>
  );
}

interface SidesProps {
  sides: ConflictSides;
  withSame: boolean;
  open: { importing: Import; check: string; conflictKey: string };
}

function Sides({ sides: { fields, files, standing }, withSame, open }: SidesProps) {
  const shownFields = fields.filter(({ differs }) => withSame || differs);
  const shownFiles = files.filter(({ differs }) => withSame || differs);
  return (
    <table className="transfer-in-sides">
      <thead>
        <tr>
          <th scope="col">欄位</th>
          <th scope="col">本校現有</th>
          <th scope="col">檔案中</th>
        </tr>
      </thead>
      <tbody>
        {shownFields.map(({ label, here, inFile, differs }) => (
          <tr key={label} className={differs ? 'differs' : undefined}>
            <FieldName label={label} differs={differs} />
            <td>{here || <Nothing />}</td>
            <td>{inFile || <Nothing />}</td>
          </tr>
        ))}
        {shownFiles.map(({ slot, label, here, inFile, differs }) => (
          <tr key={slot} className={differs ? 'differs' : undefined}>
            <FieldName label={label} differs={differs} />
            <td>{here ? <ConflictFile file={here} side="here" slot={slot} {...open} /> : <Nothing />}</td>
            <td>{inFile ? <ConflictFile file={inFile} side="inFile" slot={slot} {...open} /> : <Nothing />}</td>
          </tr>
        ))}
        {standing.map(({ label, value }) => (
          <tr key={label} className="standing">
            <th scope="row">{label}</th>
            <td>{value}</td>
            <td className="muted">本校的紀錄，不比對</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Nothing = () => <span className="muted">（空白）</span>;

/** What differs is marked by more than its colour. */
function FieldName({ label, differs }: { label: string; differs: boolean }) {
  return (
    <th scope="row">
      {label}
      {differs && <span className="transfer-in-differs">不同</span>}
    </th>
  );
}
