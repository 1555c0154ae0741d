/** How bad a state is. What says nothing about health (a presence bit) has none. */
export type Severity = 'ok' | 'noncritical' | 'critical' | 'nonrecoverable';

export interface EventState {
  /** The specification's name, in lower case with underscores. */
  readonly name: string;
  readonly severity?: Severity;
}

const marks: Readonly<Record<string, Severity>> = { '~': 'noncritical', '!': 'critical', '#': 'nonrecoverable' };

/** `~` noncritical, `!` critical, `#` nonrecoverable; an empty name is an offset that has no meaning here. */
const states = (text: string): readonly EventState[] =>
  text.split(' ').map((word) => {
    const severity = marks[word[0] as string];
    return severity ? { name: word.slice(1), severity } : { name: word === '-' ? '' : word };
  });

/** Generic event/reading types (IPMI 2.0 §42.1, table 42-2). */
const generic: Readonly<Record<number, readonly EventState[]>> = {
  2: states('transition_to_idle transition_to_active transition_to_busy'),
  3: states('state_deasserted state_asserted'),
  4: states('predictive_failure_deasserted ~predictive_failure_asserted'),
  5: states('limit_not_exceeded ~limit_exceeded'),
  6: states('performance_met ~performance_lags'),
  7: states(
    'ok ~noncritical_from_ok !critical_from_less_severe #nonrecoverable_from_less_severe ~noncritical_from_more_severe !critical_from_nonrecoverable #nonrecoverable monitor informational',
  ),
  8: states('device_absent device_present'),
  9: states('device_disabled device_enabled'),
  10: states('running in_test power_off on_line off_line off_duty ~degraded power_save ~install_error'),
  11: states(
    'fully_redundant ~redundancy_lost ~redundancy_degraded ~nonredundant_from_redundant ~nonredundant_from_insufficient !insufficient_resources ~degraded_from_fully_redundant ~degraded_from_nonredundant',
  ),
  12: states('d0_power_state d1_power_state d2_power_state d3_power_state'),
};

/** States by sensor type, for event/reading type 6Fh (§42.2, table 42-3). */
const bySensorType: Readonly<Record<number, readonly EventState[]>> = {
  5: states(
    '!general_chassis_intrusion !drive_bay_intrusion !io_card_area_intrusion !processor_area_intrusion ~lan_leash_lost ~unauthorized_dock !fan_area_intrusion',
  ),
  6: states(
    '~secure_mode_violation ~user_password_violation ~setup_password_violation ~network_boot_password_violation ~other_password_violation ~out_of_band_password_violation',
  ),
  7: states(
    '!ierr #thermal_trip !frb1_bist_failure !frb2_hang_in_post !frb3_startup_failure !configuration_error !smbios_uncorrectable_error presence_detected ~processor_disabled terminator_presence_detected ~processor_throttled #uncorrectable_machine_check ~correctable_machine_check',
  ),
  8: states(
    'presence_detected !failure_detected ~predictive_failure !input_lost !input_lost_or_out_of_range ~input_out_of_range !configuration_error inactive',
  ),
  9: states(
    'power_off power_cycle 240va_power_down interlock_power_down !ac_lost !soft_power_control_failure !failure_detected ~predictive_failure',
  ),
  12: states(
    '~correctable_ecc #uncorrectable_ecc !parity !scrub_failed ~device_disabled ~correctable_ecc_limit_reached presence_detected !configuration_error spare ~throttled !critical_overtemperature',
  ),
  13: states(
    'drive_presence !drive_fault ~predictive_failure hot_spare consistency_check_in_progress !in_critical_array !in_failed_array ~rebuild_in_progress ~rebuild_aborted',
  ),
  15: states('!post_error !post_hang post_progress'),
  16: states(
    '~correctable_ecc_logging_disabled ~event_type_logging_disabled log_area_cleared ~all_event_logging_disabled ~sel_full ~sel_almost_full ~correctable_machine_check_logging_disabled',
  ),
  18: states(
    'system_reconfigured oem_boot_event !undetermined_hardware_failure auxiliary_log_entry pef_action timestamp_clock_synch',
  ),
  19: states(
    '!front_panel_nmi !bus_timeout !io_channel_check_nmi !software_nmi !pci_perr #pci_serr !eisa_fail_safe_timeout ~bus_correctable_error !bus_uncorrectable_error !fatal_nmi #bus_fatal_error ~bus_degraded',
  ),
  20: states('power_button sleep_button reset_button fru_latch fru_service_request'),
  25: states('!soft_power_control_failure #thermal_trip'),
  27: states('connected !configuration_error'),
  29: states('power_up hard_reset warm_reset pxe_boot diagnostic_boot os_hard_reset os_warm_reset system_restart'),
  33: states(
    '!fault_status identify_status installed ready_for_installation ready_for_removal power_off removal_request interlock disabled holds_spare',
  ),
  34: states(
    's0_working s1_sleeping s2_sleeping s3_sleeping s4_non_volatile_sleep s5_soft_off s4_s5_soft_off g3_mechanical_off sleeping_s1_s2_s3 g1_sleeping s5_override legacy_on legacy_off - unknown',
  ),
  35: states('~timer_expired ~hard_reset ~power_down ~power_cycle - - - - timer_interrupt'),
  37: states('entity_present entity_absent entity_disabled'),
  40: states(
    '~sensor_access_degraded ~controller_access_degraded !controller_offline !controller_unavailable !sensor_failure !fru_failure',
  ),
  41: states('~battery_low !battery_failed battery_presence_detected'),
};

const SENSOR_SPECIFIC = 0x6f;

/** The states of a discrete sensor by offset; empty for OEM types, whose meaning nobody publishes. */
export const eventStates = (eventReadingType: number, sensorType: number): readonly EventState[] =>
  (eventReadingType === SENSOR_SPECIFIC ? bySensorType[sensorType] : generic[eventReadingType]) ?? [];

/** Sensor types (§42.2, table 42-3) that are no more than a number elsewhere. */
const sensorTypeNames: Readonly<Record<number, string>> = {
  1: 'temperature',
  2: 'voltage',
  3: 'current',
  4: 'fan',
  5: 'physical_security',
  6: 'platform_security',
  7: 'processor',
  8: 'power_supply',
  9: 'power_unit',
  10: 'cooling_device',
  11: 'other_units',
  12: 'memory',
  13: 'drive',
  14: 'post_memory_resize',
  15: 'system_firmware',
  16: 'event_logging',
  17: 'watchdog1',
  18: 'system_event',
  19: 'critical_interrupt',
  20: 'button',
  21: 'module',
  22: 'microcontroller',
  23: 'addin_card',
  24: 'chassis',
  25: 'chip_set',
  26: 'other_fru',
  27: 'cable',
  28: 'terminator',
  29: 'system_boot',
  30: 'boot_error',
  31: 'os_boot',
  32: 'os_stop',
  33: 'slot',
  34: 'acpi_power',
  35: 'watchdog2',
  36: 'platform_alert',
  37: 'entity_presence',
  38: 'monitor_asic',
  39: 'lan',
  40: 'management_subsystem',
  41: 'battery',
  42: 'session_audit',
  43: 'version_change',
  44: 'fru_state',
};

export const sensorTypeName = (sensorType: number): string => sensorTypeNames[sensorType] ?? 'oem';
