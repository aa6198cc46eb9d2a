/* ImportPage.tsx - one file on its way to customers: columns, rows, destination, result. */
import { Box, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../../components/links';
import { importQuery } from '../../api/queries';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { Steps } from '../../components/Steps';
import { ConfirmStep } from './ConfirmStep';
import { MappingStep } from './MappingStep';
import { ResultStep } from './ResultStep';
import { RowsStep } from './RowsStep';

const route = getRouteApi('/inside/imports/$id');
const steps = [undefined, 'rows', 'confirm'] as const;

export function ImportPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { step } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: item, error, refetch } = useQuery(importQuery(id));
  const go = (to: (typeof steps)[number]) => void navigate({ search: { step: to, verdict: undefined } });
  const done = item?.state === 'confirmed';
  const active = done ? 3 : steps.indexOf(step);
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
      {item && (
        <>
          <Steps
            label={t('import.steps')}
            names={(['mapping', 'rows', 'confirm'] as const).map((x) => t(`import.step.${x}`))}
            active={active}
            onBack={(i) => go(steps[i])}
          />
          <Box>
            {done && <ResultStep item={item} />}
            {!done && step === undefined && (
              <MappingStep key={`${item.sheet}-${item.header_row}`} item={item} onNext={() => go('rows')} />
            )}
            {!done && step === 'rows' && (
              <RowsStep item={item} onBack={() => go(undefined)} onNext={() => go('confirm')} />
            )}
            {!done && step === 'confirm' && <ConfirmStep item={item} onBack={() => go('rows')} />}
          </Box>
        </>
      )}
    </>
  );
}
