import pg from 'pg';

const DATE = 1082;
const DATE_ARRAY = 1182;
const NUMERIC_ARRAY = 1231;
// Typed as a number because the driver's own list of type ids leaves the arrays out.
const TEXT_ARRAY: number = 1009;

/**
 * How column values arrive. bigint and numeric are strings already; the driver would still turn
 * numeric[] into floats and a calendar date into an instant of the machine's time zone.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === DATE) return (text: string) => text;
    if (oid === DATE_ARRAY || oid === NUMERIC_ARRAY) return pg.types.getTypeParser(TEXT_ARRAY, 'text');
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
  },
};
