using System.Collections.Immutable;
using System.Globalization;

namespace Decant.Data;

/// <summary>
/// How each digit is drawn, in the ways people draw it: strokes through points on a page of 100×100, x to the right
/// and y down. A point that is repeated is a corner.
/// </summary>
internal static class DigitSkeletons
{
    private static readonly string[][] Drawings =
    [
        [
            "56,2 36,4 20,24 15,52 24,84 48,100 72,86 84,52 76,16 54,1",
            "62,3 38,8 24,36 22,70 40,98 62,94 78,66 80,34 66,6 46,3",
            "44,0 64,4 80,26 84,56 70,90 48,100 26,88 16,56 22,20 46,1",
        ],
        [
            "50,0 50,50 50,100",
            "34,20 52,0 52,0 52,50 52,100",
            "36,18 52,0 52,0 52,50 52,100 | 28,100 76,100",
            "54,0 50,48 46,100",
        ],
        [
            "20,25 30,6 52,0 74,10 76,32 58,60 20,98 20,98 50,97 82,98",
            "20,22 34,4 56,0 74,14 72,38 52,68 30,92 18,92 18,80 32,78 50,92 66,98 84,90",
            "18,18 45,2 72,12 74,34 48,66 18,96 18,96 40,91 60,97 84,94",
        ],
        [
            "20,14 44,0 70,10 70,32 42,46 42,46 74,58 78,82 52,100 18,90",
            "20,4 74,4 74,4 42,42 42,42 74,54 78,80 52,100 18,90",
            "22,12 46,0 70,14 64,38 44,47 66,54 78,76 60,98 34,100 16,88",
        ],
        [
            "28,2 20,58 20,58 84,56 | 66,8 64,60 60,100",
            "64,0 14,66 14,66 86,66 | 64,0 64,50 64,100",
            "24,2 18,36 26,56 50,58 74,48 | 76,0 72,50 64,100",
            "26,0 16,52 16,52 50,54 72,50 | 74,2 70,50 70,100",
        ],
        [
            "76,2 30,2 30,2 26,44 26,44 54,37 78,56 74,86 48,100 18,90",
            "30,4 26,46 26,46 56,40 78,60 72,88 46,100 18,88 | 30,4 78,2",
            "72,4 34,6 34,6 29,40 29,40 60,44 78,66 66,92 42,100 16,94",
        ],
        [
            "66,0 38,20 22,58 30,92 56,100 76,82 70,58 48,52 26,68",
            "56,0 30,40 20,74 38,98 62,98 78,78 66,58 42,60 22,76",
            "74,10 54,0 32,16 20,56 26,90 52,100 76,86 74,62 52,52 26,66",
        ],
        [
            "18,4 80,4 80,4 56,44 40,100",
            "18,4 80,4 80,4 56,44 40,100 | 34,52 74,48",
            "20,22 22,4 22,4 80,4 80,4 54,50 46,100",
            "16,10 46,3 80,6 80,6 60,36 48,100",
        ],
        [
            "70,14 50,0 28,14 34,36 62,56 74,80 50,100 26,82 38,56 66,34 71,12",
            "50,0 28,12 30,36 50,46 70,36 72,12 48,0 | 50,46 24,62 24,88 50,100 76,88 76,62 48,46",
            "74,8 46,0 28,18 44,42 70,62 72,88 48,100 26,86 34,60 62,40 76,10",
        ],
        [
            "74,28 56,46 30,40 24,18 46,0 70,8 74,28 74,28 72,66 66,100",
            "72,20 50,48 26,36 30,8 56,0 72,20 72,20 69,60 66,100",
            "74,24 52,46 28,34 32,8 56,0 74,18 76,54 66,90 42,100 22,90",
        ],
    ];

    /// <summary>
    /// For each digit its styles, for each style its strokes, for each stroke its points, centred on the page's middle
    /// and in units of the page's height.
    /// </summary>
    public static ImmutableArray<Point[][][]> Styles { get; } =
    [.. Drawings.Select(digit => digit.Select(Parse).ToArray())];

    private static Point[][] Parse(string drawing) => [.. drawing.Split('|').Select(ParseStroke)];

    private static Point[] ParseStroke(string stroke) =>
        [
            .. stroke
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(p => p.Split(','))
                .Select(p => new Point(At(p[0]), At(p[1]))),
        ];

    private static double At(string number) => (int.Parse(number, CultureInfo.InvariantCulture) - 50) / 100.0;
}
