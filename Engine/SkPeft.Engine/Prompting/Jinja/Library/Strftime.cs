using System.Globalization;
using System.Text;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>Python's <c>datetime.strftime</c> in the C locale, glibc's flags <c>-</c>, <c>_</c> and <c>0</c> included.</summary>
internal static class Strftime
{
    public static string Format(string format, DateTimeOffset now)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            char flag = format[++i] is '-' or '_' or '0' && i + 1 < format.Length ? format[i++] : '\0';
            text.Append(Field(format[i], flag, now) ?? throw JinjaException.Value($"Invalid format string: '%{format[i]}' is not supported"));
        }

        return text.ToString();
    }

    private static string? Field(char code, char flag, DateTimeOffset t) => code switch
    {
        'Y' => t.Year.ToString(CultureInfo.InvariantCulture),
        'C' => Number(t.Year / 100, 2, flag),
        'y' => Number(t.Year % 100, 2, flag),
        'm' => Number(t.Month, 2, flag),
        'd' => Number(t.Day, 2, flag),
        'e' => Number(t.Day, 2, flag == '\0' ? '_' : flag),
        'H' => Number(t.Hour, 2, flag),
        'I' => Number(Twelve(t.Hour), 2, flag),
        'k' => Number(t.Hour, 2, flag == '\0' ? '_' : flag),
        'l' => Number(Twelve(t.Hour), 2, flag == '\0' ? '_' : flag),
        'M' => Number(t.Minute, 2, flag),
        'S' => Number(t.Second, 2, flag),
        'f' => (t.Ticks % TimeSpan.TicksPerSecond / 10).ToString("000000", CultureInfo.InvariantCulture),
        'j' => Number(t.DayOfYear, 3, flag),
        'p' => t.Hour < 12 ? "AM" : "PM",
        'P' => t.Hour < 12 ? "am" : "pm",
        'a' => CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedDayName(t.DayOfWeek),
        'A' => CultureInfo.InvariantCulture.DateTimeFormat.GetDayName(t.DayOfWeek),
        'b' or 'h' => CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(t.Month),
        'B' => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(t.Month),
        'u' => (t.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)t.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)t.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'U' => Number((t.DayOfYear + 6 - (int)t.DayOfWeek) / 7, 2, flag),
        'W' => Number((t.DayOfYear + 6 - (((int)t.DayOfWeek + 6) % 7)) / 7, 2, flag),
        'V' => Number(ISOWeek.GetWeekOfYear(t.DateTime), 2, flag),
        'G' => ISOWeek.GetYear(t.DateTime).ToString(CultureInfo.InvariantCulture),
        'g' => Number(ISOWeek.GetYear(t.DateTime) % 100, 2, flag),
        's' => t.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'F' => Format("%Y-%m-%d", t),
        'D' or 'x' => Format("%m/%d/%y", t),
        'T' or 'X' => Format("%H:%M:%S", t),
        'R' => Format("%H:%M", t),
        'r' => Format("%I:%M:%S %p", t),
        'c' => Format("%a %b %e %H:%M:%S %Y", t),
        // Python's naive times, which Hugging Face's strftime_now gives, have no zone.
        'z' or 'Z' => string.Empty,
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => null,
    };

    private static int Twelve(int hour) => hour % 12 == 0 ? 12 : hour % 12;

    private static string Number(int value, int width, char flag)
    {
        string digits = value.ToString(CultureInfo.InvariantCulture);
        return flag switch { '-' => digits, '_' => digits.PadLeft(width), _ => digits.PadLeft(width, '0') };
    }
}
