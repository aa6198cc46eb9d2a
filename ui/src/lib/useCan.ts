/* useCan.ts - whether the logged-in person's role includes the given one; the server decides, this only hides what it would refuse. */
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { sessionQuery } from '../api/queries';

type Role = Schemas['User']['role'];
const order: Role[] = ['viewer', 'sender', 'admin', 'owner'];

export function useCan(role: Role): boolean {
  const { data } = useQuery(sessionQuery);
  return !!data && order.indexOf(data.user.role) >= order.indexOf(role);
}
