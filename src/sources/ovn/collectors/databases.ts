import { counter, gauge, info } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { DatabaseName, OvnClient } from '../client/client.ts';
import type { Database, MemberView } from '../client/database.ts';
import type { TableSpecs } from '../client/tables.ts';
import type { OvnConfig } from '../config.ts';
import type { DatabaseServerFacts, OvnFacts } from '../facts.ts';

const perServer = ['db', 'server'] as const;

const up = gauge('ovn_db_up', {
  help: 'Whether the database server answered a question in this scrape; accepting a connection is not enough.',
  labels: perServer,
});
const connected = gauge('ovn_db_connected', {
  help: 'Whether the server says it is in contact with the majority of its cluster. One that is not still answers, with what it last knew.',
  labels: perServer,
});
const leader = gauge('ovn_db_leader', {
  help: 'Whether the server says it leads its cluster. For seconds after a partition two may say so.',
  labels: perServer,
});
const index = gauge('ovn_db_index', {
  help: 'Index of the newest log entry that the server has applied; absent for a database that is not clustered.',
  labels: perServer,
});
const description = info('ovn_db_info', {
  help: 'The cluster that the server belongs to, its model (clustered, relay, standalone) and the version of the schema. Two values of cid are two clusters.',
  labels: ['db', 'server', 'cid', 'model', 'schema_version'],
});
const servers = gauge('ovn_db_servers', { help: 'Servers of the database that are configured.', labels: ['db'] });
const serversConnected = gauge('ovn_db_servers_connected', {
  help: 'Servers of the database that answered and are in contact with the majority.',
  labels: ['db'],
});
const feeding = gauge('ovn_db_feeding', {
  help: 'Whether what rackwatch shows of the database comes from this server.',
  labels: perServer,
});
const moves = counter('ovn_db_feed_moves_total', {
  help: 'How often rackwatch went to another server of the database, because its own was lost or cut off.',
  labels: ['db'],
});
const fullReads = counter('ovn_db_full_reads_total', {
  help: 'How often rackwatch had to read the database as a whole instead of going on from the last transaction.',
  labels: ['db'],
});
const strays = counter('ovn_db_stray_answers_total', {
  help: 'Answers of the servers to no question that was open: they came too late.',
  labels: ['db'],
});

export const databases: Collector<OvnClient, OvnFacts, OvnConfig> = {
  name: 'databases',
  isWitness: true,
  help: 'Every server of the databases: whether it answers, is connected, leads, and how far it is.',
  metrics: [up, connected, leader, index, description, servers, serversConnected, feeding, moves, fullReads, strays],
  async collect({ client, emit, log, signal }) {
    const collectOne = async (db: DatabaseName, database: Database<TableSpecs>) => {
      const views = await database.survey(signal);
      for (const view of views) emitServer(db, view, database.schemaVersion ?? '');
      emit(servers, { db }, views.length);
      emit(serversConnected, { db }, views.filter(({ answer }) => answer?.state.connected).length);
      emit(moves, { db }, database.moves);
      emit(fullReads, { db }, database.fullReads);
      emit(strays, { db }, database.strays);
      return { db, servers: views.map(toFacts) };
    };
    const emitServer = (db: DatabaseName, { answer, failure, feeding: feeds, server }: MemberView, version: string) => {
      emit(up, { db, server }, answer ? 1 : 0);
      emit(feeding, { db, server }, feeds ? 1 : 0);
      if (failure) log.debug({ db, server, code: failure.code, reason: failure.message }, 'a server does not answer');
      if (!answer) return;
      const { cid = '', connected: isConnected, leader: leads, model } = answer.state;
      emit(connected, { db, server }, isConnected ? 1 : 0);
      emit(leader, { db, server }, leads ? 1 : 0);
      if (answer.index !== undefined) emit(index, { db, server }, answer.index);
      emit(description, { db, server, cid, model, schema_version: version }, 1);
    };
    return { databases: await Promise.all(client.databases.map(([db, database]) => collectOne(db, database))) };
  },
};

function toFacts({ answer, server }: MemberView): DatabaseServerFacts {
  if (!answer) return { server, up: false };
  const { connected: isConnected, leader: leads, model } = answer.state;
  const facts = { server, up: true, connected: isConnected, leader: leads, model };
  return answer.index === undefined ? facts : { ...facts, index: answer.index };
}
