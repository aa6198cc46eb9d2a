/* ImportPage.tsx - one file on its way to customers; what it shows follows the import's state. */
import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { importQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { AnchorLink } from '../../components/links';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { Steps } from '../../components/Steps';
import { type Import, isUnderWay } from '../../lib/imports';
import { ConfirmStep } from './ConfirmStep';
import { Ended } from './Ended';
import { MappingStep } from './MappingStep';
import { RowsStep } from './RowsStep';
import { Summary } from './Summary';
import { Working } from './Working';

const route = getRouteApi('/inside/imports/$id');
const steps = [undefined, 'rows', 'confirm'] as const;

export function ImportPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { data: item, error, refetch } = useQuery(importQuery(id));
  useFreshLists(item);
  return (
    <>
      <PageHeader
        title={item?.filename ?? t('nav.imports')}
        lead={
          <AnchorLink to="/imports" size="sm" underline="always">
            {t('import.back')}
          </AnchorLink>
        }
      />
      <ProblemAlert error={error} retry={() => void refetch()} />
      {!item && !error && <Skeleton h={300} />}
      {item && <Stage item={item} />}
    </>
  );
}

/* When the server has finished something, the lists that it changed are read again. */
function useFreshLists(item: Import | undefined) {
  const before = useRef(item?.state);
  const state = item?.state;
  const id = item?.id;
  useEffect(() => {
    const was = before.current;
    before.current = state;
    if (!was || was === state) return;
    for (const key of ['contacts', 'groups', 'statistics'])
      void queryClient.invalidateQueries({ queryKey: [key] });
    void queryClient.invalidateQueries({ queryKey: ['imports', 'list'] });
    queryClient.removeQueries({ queryKey: ['imports', id, 'rows'] });
  }, [state, id]);
}

function Stage({ item }: { item: Import }) {
  const { t } = useTranslation();
  const { step } = route.useSearch();
  const navigate = route.useNavigate();
  const go = (to: (typeof steps)[number]) =>
    void navigate({ search: { step: to, verdict: undefined, at: undefined } });
  const { state } = item;
  if (state === 'confirmed') return <Summary item={item} />;
  if (state === 'refused' || state === 'cancelled' || state === 'discarded') return <Ended item={item} />;
  if (state === 'importing' || state === 'cancelling') return <Working item={item} />;
  const columns = item.columns.length > 0;
  return (
    <>
      <Steps
        label={t('import.steps')}
        names={(['mapping', 'rows', 'confirm'] as const).map((x) => t(`import.step.${x}`))}
        active={steps.indexOf(step)}
        onBack={(i) => go(steps[i])}
      />
      <Stack gap="md">
        {isUnderWay(item) && <Working item={item} />}
        {step === undefined && (state === 'mapping' || columns) && (
          <MappingStep key={identity(item)} item={item} onNext={() => go('rows')} />
        )}
        {state === 'mapping' && step === 'rows' && (
          <RowsStep item={item} onBack={() => go(undefined)} onNext={() => go('confirm')} />
        )}
        {state === 'mapping' && step === 'confirm' && <ConfirmStep item={item} onBack={() => go('rows')} />}
      </Stack>
    </>
  );
}

/* Another reading of the file begins with the server's choices again. */
function identity(i: Import): string {
  return JSON.stringify([
    i.sheet,
    i.header_row,
    i.encoding,
    i.template?.id,
    i.columns.map((c) => [c.role, c.attribute]),
  ]);
}
