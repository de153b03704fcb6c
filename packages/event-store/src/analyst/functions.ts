/**
 * The functions a statement may call: those that compute from their arguments. What is not here is refused, so that a
 * new version of the engine offers nothing by itself. Left out on purpose: whatever reads files, tables, dictionaries,
 * settings or the machine (`file`, `dictGet…`, `joinGet`, `getSetting`, `hostName`, `currentUser` …), waits (`sleep`),
 * throws at will (`throwIf`), or takes time with the square of its arguments (`editDistance`, `multiSearch…` …).
 */

const AGGREGATES = `
  any anyHeavy anyLast argMax argMin avg avgWeighted boundingRatio categoricalInformationValue contingency corr count
  covarPop covarSamp cramersV deltaSum deltaSumTimestamp entropy exponentialMovingAverage first_value groupArray
  groupArrayMovingAvg groupArrayMovingSum groupArraySample groupBitAnd groupBitOr groupBitXor groupConcat
  groupUniqArray histogram intervalLengthSum kurtPop kurtSamp last_value max maxIntersections
  maxIntersectionsPosition median medianExact min quantile quantileExact quantileExactHigh
  quantileExactLow quantileExactWeighted quantileTDigest quantileTiming quantiles quantilesExact quantilesTDigest
  quantilesTiming rankCorr retention simpleLinearRegression singleValueOrNull skewPop
  skewSamp stddevPop stddevSamp sum sumCount sumWithOverflow topK topKWeighted uniq uniqCombined
  uniqCombined64 uniqExact uniqHLL12 uniqUpTo varPop varSamp windowFunnel`;

const WINDOW = `
  cume_dist dense_rank denseRank lag lagInFrame lead leadInFrame nth_value ntile percent_rank rank row_number`;

const SCALARS = `
  abs acos acosh addDays addHours addMicroseconds addMilliseconds addMinutes addMonths addQuarters addSeconds addWeeks
  addYears age alphaTokens and appendTrailingCharIfAbsent array arrayAll arrayAUC arrayAvg arrayCompact arrayConcat
  arrayCount arrayCumSum arrayCumSumNonNegative arrayDifference arrayDistinct arrayDotProduct arrayElement
  arrayEnumerate arrayEnumerateUniq arrayExists arrayFill arrayFilter arrayFirst arrayFirstIndex arrayFirstOrNull
  arrayFlatten arrayIntersect arrayJaccardIndex arrayJoin arrayLast arrayLastIndex arrayLastOrNull arrayMap arrayMax
  arrayMin arrayPartialSort arrayPopBack arrayPopFront arrayProduct arrayPushBack arrayPushFront arrayReverse
  arrayReverseSort arrayRotateLeft arrayRotateRight arraySlice arraySort arraySplit arrayStringConcat arraySum
  arraySymmetricDifference arrayUnion arrayUniq arrayZip ascii asin asinh assumeNotNull atan atan2 atanh base58Decode
  base58Encode base64Decode base64Encode basename bin bitAnd bitCount bitNot bitOr bitShiftLeft bitShiftRight bitTest
  bitXor caseFoldUTF8 cbrt ceil char cityHash64 coalesce concat concatWithSeparator convertCharset cos cosh
  countEqual countMatches countMatchesCaseInsensitive countSubstrings countSubstringsCaseInsensitive CRC32 cutFragment
  cutQueryString cutToFirstSignificantSubdomain cutURLParameter cutWWW dateDiff dateName decodeURLComponent
  decodeXMLComponent degrees divide domain domainWithoutWWW e empty emptyArrayString encodeURLComponent
  encodeXMLComponent endsWith endsWithUTF8 equals erf erfc exp exp10 exp2 extract extractAll extractAllGroups
  extractAllGroupsHorizontal extractAllGroupsVertical extractGroups extractKeyValuePairs extractTextFromHTML
  extractURLParameter extractURLParameterNames extractURLParameters farmHash64 firstSignificantSubdomain floor
  formatDateTime formatReadableQuantity formatReadableSize formatReadableTimeDelta fragment fromUnixTimestamp
  fromUnixTimestamp64Micro fromUnixTimestamp64Milli fromUnixTimestamp64Nano gcd geoDistance geohashDecode
  geohashEncode greatCircleDistance greater greaterOrEquals greatest has hasAll hasAny hasSubstr hasSubsequence
  hasToken hasTokenCaseInsensitive hex if ifNull ilike indexOf initcap initcapUTF8 intDiv intDivOrZero
  intHash32 intHash64 IPv4CIDRToRange IPv4NumToString IPv4NumToStringClassC IPv4StringToNum IPv4StringToNumOrNull
  IPv4ToIPv6 IPv6CIDRToRange IPv6NumToString IPv6StringToNum IPv6StringToNumOrNull isConstant isFinite isInfinite
  isIPAddressInRange isIPv4String isIPv6String isNaN isNotNull isNull isValidJSON isValidUTF8 JSON_EXISTS JSON_QUERY
  JSON_VALUE JSONArrayLength JSONExtract JSONExtractArrayRaw JSONExtractBool JSONExtractFloat JSONExtractInt
  JSONExtractKeys JSONExtractKeysAndValues JSONExtractKeysAndValuesRaw JSONExtractRaw JSONExtractString
  JSONExtractUInt JSONHas JSONKey JSONLength JSONType lcm least left leftPad leftPadUTF8 length
  lengthUTF8 less lessOrEquals like ln log log10 log1p log2 lower lowerUTF8 makeDate makeDate32 makeDateTime
  makeDateTime64 map mapAdd mapApply mapConcat mapContains mapContainsKey mapExists mapFilter mapFromArrays mapKeys
  mapSort mapSubtract mapUpdate mapValues match materialize MD5 minus modulo moduloOrZero monthName multiIf
  multiply   
   murmurHash3_32 murmurHash3_64 negate netloc ngrams normalizeUTF8NFC not
  notEmpty notEquals notILike notLike now now64 nullIf or parseDateTime parseDateTimeBestEffort
  parseDateTimeBestEffortOrNull parseDateTimeBestEffortOrZero parseDateTime64BestEffort
  parseDateTime64BestEffortOrNull parseDateTimeOrNull path pathFull pi plus port position positionCaseInsensitive
  positionCaseInsensitiveUTF8 positionUTF8 positiveModulo pow protocol queryString queryStringAndFragment radians range
  regexpExtract regexpQuoteMeta repeat replaceAll replaceOne replaceRegexpAll replaceRegexpOne reverse reverseUTF8
  right rightPad rightPadUTF8 round roundAge roundBankers roundDown roundDuration roundToExp2 SHA1 SHA224 SHA256
  SHA512 sigmoid sign simpleJSONExtractBool simpleJSONExtractFloat simpleJSONExtractInt simpleJSONExtractRaw
  simpleJSONExtractString simpleJSONExtractUInt simpleJSONHas sin sinh sipHash128 sipHash64 soundex space
  splitByAlpha splitByChar splitByNonAlpha splitByRegexp splitByString splitByWhitespace sqrt startsWith
  startsWithUTF8 substring substringIndex substringIndexUTF8 substringUTF8 subtractDays subtractHours
  subtractMilliseconds subtractMinutes subtractMonths subtractQuarters subtractSeconds subtractWeeks subtractYears
  tan tanh timeDiff timeSlot timeSlots timestamp timestampDiff toBool toDate toDate32 toDate32OrNull toDateOrNull
  toDateOrZero toDateTime toDateTime64 toDateTime64OrNull toDateTime64OrZero toDateTimeOrNull toDateTimeOrZero
  toDayOfMonth toDayOfWeek toDayOfYear toDaysSinceYearZero toDecimal128 toDecimal32 toDecimal64 toFixedString
  toFloat32 toFloat64 toFloat64OrNull toFloat64OrZero toHour toInt128 toInt16 toInt256 toInt32 toInt32OrNull
  toInt32OrZero toInt64 toInt64OrNull toInt64OrZero toInt8 toInt8OrNull toInt8OrZero toIPv4 toIPv4OrNull toIPv6
  toIPv6OrNull toISOWeek toISOYear toIntervalDay toIntervalHour toIntervalMinute toIntervalMonth toIntervalQuarter
  toIntervalSecond toIntervalWeek toIntervalYear toJSONString toLastDayOfMonth toLastDayOfWeek toLowCardinality
  toMinute toMonday toMonth toNullable toQuarter toRelativeDayNum toRelativeHourNum toRelativeMinuteNum
  toRelativeMonthNum toRelativeSecondNum toRelativeWeekNum toRelativeYearNum toSecond toStartOfDay
  toStartOfFifteenMinutes toStartOfFiveMinutes toStartOfHour toStartOfInterval toStartOfISOYear toStartOfMinute
  toStartOfMonth toStartOfQuarter toStartOfSecond toStartOfTenMinutes toStartOfWeek toStartOfYear toString
  toStringCutToZero toTime toTimeZone toTypeName toUInt16 toUInt16OrNull toUInt16OrZero toUInt256 toUInt32
  toUInt32OrNull toUInt32OrZero toUInt64 toUInt64OrNull toUInt64OrZero toUInt8 toUInt8OrNull toUInt8OrZero
  toUnixTimestamp toUnixTimestamp64Micro toUnixTimestamp64Milli toUUID toUUIDOrNull toValidUTF8 toWeek toYear
  toYearWeek toYYYYMM toYYYYMMDD toYYYYMMDDhhmmss today tokens topLevelDomain translate translateUTF8 trimBoth
  trimLeft trimRight trunc tryBase64Decode tuple tupleElement unhex upper upperUTF8 URLHierarchy URLPathHierarchy
  width_bucket xor xxHash64 yesterday grouping transform`;

/** How other dialects call them. */
const SYNONYMS: Readonly<Record<string, string>> = {
  ceiling: 'ceil', date_diff: 'dateDiff', datediff: 'dateDiff', char_length: 'lengthUTF8', power: 'pow',
  character_length: 'lengthUTF8', lcase: 'lower', lpad: 'leftPad', mid: 'substring', rpad: 'rightPad',
  std: 'stddevPop', stddev_pop: 'stddevPop', stddev_samp: 'stddevSamp', substr: 'substring', truncate: 'trunc',
  trim: 'trimBoth', ltrim: 'trimLeft', rtrim: 'trimRight', ucase: 'upper', var_pop: 'varPop', var_samp: 'varSamp',
  any_value: 'any', array_agg: 'groupArray', string_agg: 'groupConcat', group_concat: 'groupConcat',
  replace: 'replaceAll', md5: 'MD5', countdistinct: 'uniqExact',
}; // prettier-ignore

/** Behind the name of an aggregate: over a condition, an array, different values, or with another answer for nothing. */
const COMBINATORS = ['Distinct', 'OrDefault', 'OrNull', 'Array', 'If'] as const;
const MAX_COMBINATORS = 3;

const aggregates = byLowerCase(AGGREGATES);
const others = byLowerCase(`${WINDOW} ${SCALARS}`);

/** The engine's own name of an offered function, however it is capitalized; else undefined. */
export function offeredFunction(name: string): string | undefined {
  const lower = name.toLowerCase();
  return others.get(lower) ?? SYNONYMS[lower] ?? aggregateOf(lower, MAX_COMBINATORS);
}

function aggregateOf(lower: string, combinators: number): string | undefined {
  const plain = aggregates.get(lower);
  if (plain !== undefined || combinators === 0) return plain;
  for (const combinator of COMBINATORS) {
    if (!lower.endsWith(combinator.toLowerCase())) continue;
    const inner = aggregateOf(lower.slice(0, -combinator.length), combinators - 1);
    if (inner !== undefined) return inner + combinator;
  }
  return undefined;
}

function byLowerCase(names: string): ReadonlyMap<string, string> {
  return new Map(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name.toLowerCase(), name]),
  );
}
