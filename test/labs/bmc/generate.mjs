// generate.mjs DIR NAME ADDRESS PORT CONSOLE_PORT -> DIR/{lan.conf,cmds.emu,fru.bin}
// A BMC for ipmi_sim that is shaped like a Supermicro X10DRU's; the SDR, SEL and FRU bytes are made here.
import { mkdirSync, writeFileSync } from 'node:fs';

const [dir, name, addr, port, cport] = process.argv.slice(2);
mkdirSync(dir, { recursive: true });

const T = { temp: 1, volt: 2, cur: 3, fan: 4, phys: 5, psu: 8, power: 8, mem: 0x0c, slot: 0x0d, proc: 7, batt: 0x29 };
const U = { C: 1, V: 4, A: 5, W: 6, RPM: 18, none: 0 };
// sensor numbers as X10 BMCs have them
const NUM = {
  'CPU1 Temp': 1,
  'CPU2 Temp': 2,
  'PCH Temp': 10,
  'System Temp': 11,
  'Peripheral Temp': 12,
  'VcpuVRM1 Temp': 16,
  'VcpuVRM2 Temp': 17,
  'VmemABVRM Temp': 18,
  'VmemCDVRM Temp': 19,
  'VmemEFVRM Temp': 20,
  'VmemGHVRM Temp': 21,
  'P1-DIMMA1 Temp': 0xb0,
  'P1-DIMMB1 Temp': 0xb4,
  'P1-DIMMC1 Temp': 0xb8,
  'P1-DIMMD1 Temp': 0xbc,
  'P2-DIMME1 Temp': 0xd0,
  'P2-DIMMF1 Temp': 0xd4,
  'P2-DIMMG1 Temp': 0xd8,
  'P2-DIMMH1 Temp': 0xdc,
  FAN1: 0x41,
  FAN2: 0x42,
  FAN3: 0x43,
  FAN4: 0x44,
  FAN5: 0x45,
  FAN6: 0x46,
  '12V': 0x30,
  '5VCC': 0x31,
  '3.3VCC': 0x32,
  VBAT: 0x33,
  Vcpu1: 0x34,
  Vcpu2: 0x35,
  VDIMMAB: 0x36,
  VDIMMCD: 0x37,
  VDIMMEF: 0x38,
  VDIMMGH: 0x39,
  '5VSB': 0x3a,
  '3.3VSB': 0x3b,
  '1.5V PCH': 0x3c,
  '1.2V BMC': 0x3d,
  '1.05V PCH': 0x3e,
  'Chassis Intru': 0xaa,
  'PS1 Status': 0xc8,
  'PS2 Status': 0xc9,
};
const sensors = [];
// thr: [lnr,lc,lnc,unc,uc,unr] in real units, null = not readable. v: real value, null = no reading (scanning off)
const an = (nm, type, unit, M, B, R, signed, thr, v, ent, inst, o = {}) =>
  sensors.push({
    num: NUM[nm],
    nm,
    type,
    unit,
    M,
    B,
    R,
    BE: o.BE ?? 0,
    lin: o.lin ?? 0,
    signed,
    thr,
    v,
    ent,
    inst,
    kind: 1,
    ...o,
  });
const di = (nm, type, states, ent, inst, o = {}) =>
  sensors.push({ num: NUM[nm], nm, type, states, ent, inst, kind: 2, erc: 0x6f, ...o });

const temp = (nm, thr, v, ent, inst, o) => an(nm, T.temp, U.C, 1, 0, 0, true, thr, v, ent, inst, o);
temp('CPU1 Temp', [0, 0, 0, 85, 90, 92], 47, 3, 1);
temp('CPU2 Temp', [0, 0, 0, 85, 90, 92], 91, 3, 2); // upper critical
temp('System Temp', [-9, -7, -5, 80, 85, 90], 27, 7, 1);
temp('Peripheral Temp', [-9, -7, -5, 80, 85, 90], 36, 7, 2);
temp('PCH Temp', [-11, -8, -5, 90, 95, 100], 41, 7, 3);
for (const [i, n] of ['VcpuVRM1', 'VcpuVRM2', 'VmemABVRM', 'VmemCDVRM', 'VmemEFVRM', 'VmemGHVRM'].entries())
  temp(`${n} Temp`, [-9, -7, -5, 95, 100, 105], 36 + i, 8, i + 1);
for (const [i, n] of [
  'P1-DIMMA1',
  'P1-DIMMB1',
  'P1-DIMMC1',
  'P1-DIMMD1',
  'P2-DIMME1',
  'P2-DIMMF1',
  'P2-DIMMG1',
  'P2-DIMMH1',
].entries())
  temp(`${n} Temp`, [1, 2, 4, 80, 85, 90], i === 3 || i === 7 ? null : 33 + i, 32, i + 1);
for (let i = 1; i <= 6; i++)
  an(
    `FAN${i}`,
    T.fan,
    U.RPM,
    100,
    0,
    0,
    false,
    [300, 500, 700, 25300, 25400, 25500],
    i === 6 ? null : i === 5 ? 400 : 5200 + i * 100,
    29,
    i,
  ); // FAN5 lower critical, FAN6 absent
const volt = (nm, M, B, thr, v, inst) => an(nm, T.volt, U.V, M, B, -3, false, thr, v, 7, inst);
volt('12V', 63, 30, [10.173, 10.299, 10.74, 12.945, 13.26, 13.386], 12.189, 20);
volt('5VCC', 26, 8, [4.246, 4.298, 4.48, 5.39, 5.546, 5.598], 5.026, 21);
volt('3.3VCC', 17, 1, [2.789, 2.823, 2.959, 3.554, 3.656, 3.69], 3.333, 22);
volt('VBAT', 26, 10, [2.376, 2.48, 2.584, 3.494, 3.598, 3.676], 2.532, 23); // lower non-critical
volt('Vcpu1', 9, 0, [1.242, 1.26, 1.395, 1.899, 2.088, 2.106], 1.836, 24);
volt('Vcpu2', 9, 0, [1.242, 1.26, 1.395, 1.899, 2.088, 2.106], 1.827, 25);
for (const [i, n] of ['VDIMMAB', 'VDIMMCD', 'VDIMMEF', 'VDIMMGH'].entries())
  volt(n, 9, 3, [0.948, 0.975, 1.047, 1.344, 1.425, Math.LOG2E], 1.209, 26 + i);
volt('5VSB', 26, 6, [4.244, 4.296, 4.478, 5.388, 5.544, 5.596], 5.05, 30);
volt('3.3VSB', 17, 1, [2.789, 2.823, 2.959, 3.554, 3.656, 3.69], 3.299, 31);
volt('1.5V PCH', 9, 6, [1.32, 1.347, 1.401, 1.644, 1.671, 1.698], 1.536, 32);
volt('1.2V BMC', 9, 3, [1.02, 1.047, 1.092, 1.344, 1.371, 1.398], 1.218, 33);
volt('1.05V PCH', 9, 6, [0.87, 0.897, 0.942, 1.194, 1.221, 1.248], 1.05, 34);
di('Chassis Intru', T.phys, 0x0000, 23, 1);
di('PS1 Status', T.psu, 0x0001, 10, 1); // presence
di('PS2 Status', T.psu, 0x000b, 10, 2); // presence + failure + input lost

const s8 = (x) => ((x % 256) + 256) % 256;
const enc = (s, y) => {
  const raw = Math.round((y / 10 ** s.R - s.B * 10 ** s.BE) / s.M);
  return s8(raw);
};
const _THR = ['lnr', 'lc', 'lnc', 'unc', 'uc', 'unr'];
function sdr(s, id) {
  const idb = Buffer.from(s.nm, 'latin1');
  const head = [id & 255, id >> 8, 0x51, s.kind, 0];
  const key = [0x20, 0x00, s.num];
  let b;
  if (s.kind === 1) {
    const t = s.thr.map((x) => enc(s, x));
    b = [
      ...key,
      s.ent,
      s.inst,
      0x7f,
      0x68,
      s.type,
      1,
      0x95,
      0x7a,
      0x95,
      0x7a, // assertion / deassertion masks, as Supermicro sends them
      0x3f,
      0x00, // readable thresholds: all six, settable: none
      s.signed ? 0x80 : 0x00,
      s.unit,
      0,
      s.lin,
      s.M & 255,
      (s.M >> 2) & 0xc0,
      s.B & 255,
      (s.B >> 2) & 0xc0,
      0,
      ((s.R & 15) << 4) | (s.BE & 15),
      0x00,
      0,
      0,
      0,
      s.signed ? 0x7f : 0xff,
      s.signed ? 0x80 : 0x00,
      t[5],
      t[4],
      t[3],
      t[0],
      t[1],
      t[2],
      2,
      2,
      0,
      0,
      0,
      0xc0 | idb.length,
      ...idb,
    ];
  } else {
    throw new Error('kind');
  }
  head[4] = b.length;
  return [...head, ...b];
}
// compact record (type 02): fix layout to the spec: [.. masks(6), units1-3, rec sharing(2), pos hyst, neg hyst, rsv(3), oem, id..]
function sdr2(s, id) {
  const idb = Buffer.from(s.nm, 'latin1');
  const b = [
    0x20,
    0,
    s.num,
    s.ent,
    s.inst,
    0x63,
    0x40,
    s.type,
    s.erc,
    0xff,
    0x7f,
    0xff,
    0x7f,
    0xff,
    0x7f,
    0xc0,
    0,
    0,
    0x00,
    0x00,
    0,
    0,
    0,
    0,
    0,
    0,
    0xc0 | idb.length,
    ...idb,
  ];
  return [id & 255, id >> 8, 0x51, 2, b.length, ...b];
}
const hex = (a) => a.map((x) => `0x${x.toString(16).padStart(2, '0')}`).join(' ');
const L = [
  'mc_setbmc 0x20',
  // device id 32, rev 1, fw 3.88, support 0xbf, mfg 10876 (Supermicro), product 0x0865
  'mc_add 0x20 0x20 no-device-sdrs 0x01 0x03 0x88 0xbf 0x2a7c 0x0865',
  'sel_enable 0x20 512 0x02',
];
let id = 1;
const idb = Buffer.from('X10DRU-i+');
L.push(
  `main_sdr_add 0x20 ${hex([id & 255, id >> 8, 0x51, 0x12, 11 + idb.length, 0x20, 0, 0, 0x8f, 0, 0, 0, 7, 1, 0, 0xc0 | idb.length, ...idb])}`,
);
id++;
const fr = Buffer.from('Builtin FRU');
L.push(
  `main_sdr_add 0x20 ${hex([id & 255, id >> 8, 0x51, 0x11, 11 + fr.length, 0x20, 0, 0x80, 0, 0, 0x10, 0, 7, 1, 0, 0xc0 | fr.length, ...fr])}`,
);
id++;
for (const s of sensors) {
  L.push(`main_sdr_add 0x20 ${hex(s.kind === 1 ? sdr(s, id) : sdr2(s, id))}`);
  s.rid = id;
  id++;
}
for (const s of sensors) {
  L.push(`# ${s.num} ${s.nm}`);
  L.push(`sensor_add 0x20 0 ${s.num} ${s.type} ${s.kind === 1 ? 1 : 0x6f}`);
  if (s.kind === 1) {
    const [lnr, lc, lnc, unc, uc, unr] = s.thr.map((x) => enc(s, x));
    L.push(`sensor_set_threshold 0x20 0 ${s.num} readable 111111 ${hex([unr, uc, unc, lnr, lc, lnc])}`);
    L.push(`sensor_set_hysteresis 0x20 0 ${s.num} readable 2 2`);
    L.push(
      `sensor_set_event_support 0x20 0 ${s.num} enable ${s.v === null ? 'no-scanning' : 'scanning'} per-state 000101010010101 000101010010101 000101010010101 000101010010101`,
    );
    if (s.v !== null) L.push(`sensor_set_value 0x20 0 ${s.num} 0x${enc(s, s.v).toString(16)} 0`);
  } else {
    L.push(
      `sensor_set_event_support 0x20 0 ${s.num} enable scanning per-state 111111111111111 111111111111111 111111111111111 111111111111111`,
    );
    for (let b = 0; b < 15; b++) if (s.states & (1 << b)) L.push(`sensor_set_bit 0x20 0 ${s.num} ${b} 1 0`);
  }
}
// SEL: type 02 records: 4 bytes of timestamp (the sim puts its own), generator 0x20 0x00, evm 04, type, num, dir|code, d1 d2 d3
const byName = Object.fromEntries(sensors.map((s) => [s.nm, s]));
const sel = (type, n, dir, d1, d2 = 0xff, d3 = 0xff) =>
  L.push(`sel_add 0x20 0x02 0 0 0 0 0x20 0x00 0x04 ${hex([type, n, dir, d1, d2, d3])}`);
sel(0x08, byName['PS2 Status'].num, 0x6f, 0x01);
sel(0x08, byName['PS2 Status'].num, 0x6f, 0x03);
sel(0x01, byName['CPU2 Temp'].num, 0x01, 0x59, 91, 90);
sel(0x04, byName.FAN5.num, 0x01, 0x52, 4, 5);
sel(0x0c, 0xff, 0x6f, 0xa0, 0x00, 0x21); // correctable ECC
sel(0x05, byName['Chassis Intru'].num, 0x6f, 0x00);
sel(0x05, byName['Chassis Intru'].num, 0xef, 0x00);
L.push('sel_add 0x20 0xc0 0 0 0 0 0x7c 0x2a 0x00 1 2 3 4 5 6'); // OEM timestamped
L.push('sel_add 0x20 0xe0 0x7c 0x2a 1 2 3 4 5 6 7 8 9 10 11'); // OEM not timestamped
// FRU 0
const fld = (t) => [0xc0 | t.length, ...Buffer.from(t)];
const area = (body) => {
  while ((body.length + 1) % 8) body.push(0);
  body[1] = (body.length + 1) / 8;
  body.push(s8(-body.reduce((a, c) => a + c, 0)));
  return body;
};
const board = area([
  1,
  0,
  25,
  0x20,
  0x5a,
  0x9c,
  ...fld('Supermicro'),
  ...fld('X10DRU-i+'),
  ...fld(`OM${name}`),
  ...fld('X10DRU-i+'),
  0xc0,
  0xc1,
]);
const prod = area([
  1,
  0,
  25,
  ...fld('Supermicro'),
  ...fld('SYS-6028U-TR4+'),
  ...fld('SYS-6028U'),
  ...fld('0123'),
  ...fld(`S-${name}`),
  0xc0,
  0xc0,
  0xc1,
]);
const chd = [1, 0, 0, 1, 1 + board.length / 8, 0, 0];
chd.push(s8(-chd.reduce((a, c) => a + c, 0)));
const fru = Buffer.alloc(256);
Buffer.from([...chd, ...board, ...prod]).copy(fru);
writeFileSync(`${dir}/fru.bin`, fru);
L.push(`mc_add_fru_data 0x20 0 256 file 0 "${dir}/fru.bin"`);
L.push('mc_enable 0x20');
writeFileSync(`${dir}/cmds.emu`, `${L.join('\n')}\n`);
// The simulated server is on while this process is there, which ends with the simulator.
const power = process.env.POWERED ? '  startcmd "tail -f --pid=$PPID /dev/null"\n  startnow true\n' : '';
const guid = Buffer.from(`x10dru-${name}`.padEnd(16, '!').slice(0, 16)).toString('hex');
writeFileSync(
  `${dir}/lan.conf`,
  `name "${name}"
set_working_mc 0x20
  startlan 1
    addr ${addr} ${port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid ${guid}
  endlan
${power}  user 1 false ""       ""            user     10 none md2 md5 straight
  user 2 true  "ADMIN"  "ADMIN"       admin    10 none md2 md5 straight
  user 3 true  "monitor" "s3cret-mon" user     10 none md2 md5 straight
  user 4 true  "longpw" "0123456789abcdefGHI" operator 10 none md2 md5 straight
console ${addr} ${cport}
`,
);
