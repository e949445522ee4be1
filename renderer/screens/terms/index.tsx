import { Alert, App, Button, Switch } from 'antd';
import { describeTerm, formatTerm } from '../../../domain/term.ts';
import { termGrid } from '../../../main/features/terms/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, DataGrid, ErrorNote, PageFrame, SharedChanges } from '../../components/index.ts';

const resources: ['school-terms'] = ['school-terms'];

/** 設定學校學年期 (S0213S). */
export default function Terms() {
  const { session } = useOffice();
  const { message } = App.useApp();
  const state = useQueryOperation('terms.state', {});
  const setCurrent = useCommand('terms.setCurrent');
  const useDate = useCommand('terms.useDate');
  const offer = useCommand('terms.offer');
  const may = mayUse(session, 'S0213S', 'update');
  const data = state.data;
  const off = data && formatTerm(data.current) !== formatTerm(data.today);

  return (
    <PageFrame
      title="設定學校學年期"
      meaning={
        data &&
        (data.byDate
          ? `目前學年期是 ${formatTerm(data.current)}（${describeTerm(data.current)}），依日期自動。`
          : `目前學年期設定為 ${formatTerm(data.current)}（${describeTerm(data.current)}）。`)
      }
      actions={
        may &&
        data &&
        !data.byDate && (
          <Button
            loading={useDate.pending}
            onClick={() => void useDate.run({}).then((ok) => ok && message.success('目前學年期改為依日期自動'))}
          >
            改為依日期自動
          </Button>
        )
      }
    >
      <SharedChanges resources={resources} />
      <ErrorNote error={setCurrent.error ?? useDate.error ?? offer.error ?? state.error} onRetry={() => void state.refetch()} />
      {off && (
        <Alert
          type="warning"
          showIcon
          title={`今天屬於 ${formatTerm(data.today)}，與設定的目前學年期不同。如果新學期已經開始，請更換目前學年期，或改為依日期自動。`}
        />
      )}
      <DataGrid
        grid={termGrid}
        list="terms.list"
        workbook="terms.exportWorkbook"
        emptyText="還沒有班級資料，請先執行同步作業。"
        render={{
          offered: (row) => (
            <Switch
              size="small"
              checked={row.offered === 1}
              disabled={!may || row.current === 1}
              aria-label={`${row.academicYear}${row.semester} 提供選用`}
              onChange={(offered) => void offer.run({ academicYear: Number(row.academicYear), semester: Number(row.semester), offered })}
            />
          ),
        }}
        actionsWidth={150}
        actions={(row) =>
          may &&
          row.current !== 1 && (
            <ConfirmButton
              type="link"
              size="small"
              danger={false}
              question={`確定要把 ${row.academicYear}${row.semester} 設為目前學年期？`}
              consequence="每個畫面都會改為先顯示這個學年期，並送到市級系統。"
              confirmText="設為目前學年期"
              onConfirm={async () => {
                await setCurrent.run({ academicYear: Number(row.academicYear), semester: Number(row.semester) });
              }}
            >
              設為目前學年期
            </ConfirmButton>
          )
        }
      />
    </PageFrame>
  );
}
