using Decant.Core;
using Parquet;
using Parquet.Schema;
using ParquetField = Parquet.Schema.DataField;

namespace Decant.Data;

/// <summary>
/// Reads Parquet files: a column of values, or of lists of values of one length, however deep, is an array whose axis 0
/// counts the rows.
/// </summary>
internal static class ParquetFile
{
    private const long MostElements = 1 << 28;

    /// <summary>Whether a file's name is that of one.</summary>
    public static bool IsOne(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads all columns of values.</summary>
    /// <param name="path">The file.</param>
    /// <param name="others">Gets the names of the columns that hold something else, such as text.</param>
    /// <exception cref="DataException">The file is damaged, or a column lacks values or has lists of several lengths;
    /// it is named.</exception>
    public static Dictionary<string, Tensor> Read(string path, List<string> others)
    {
        try
        {
            return ReadAsync(path, others).GetAwaiter().GetResult();
        }
        // What the library throws at a damaged file is of many kinds.
        catch (Exception e) when (e is not (DecantException or OutOfMemoryException))
        {
            throw new DataException($"{path} cannot be read as Parquet: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static async Task<Dictionary<string, Tensor>> ReadAsync(string path, List<string> others)
    {
        ParquetReader reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
        await using var disposal = reader.ConfigureAwait(false);
        var arrays = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (Field column in reader.Schema.Fields)
        {
            Field leaf = column;
            int depth = 0;
            for (; leaf is ListField list; depth++)
                leaf = list.Item;
            string what = $"{path}: column '{column.Name}'";
            if (
                leaf is ParquetField field
                && await ReadAsync(reader, field, depth, what).ConfigureAwait(false) is { } array
            )
                arrays.Add(column.Name, array);
            else
                others.Add(column.Name);
        }
        return arrays;
    }

    /// <summary>Null if a column holds no values that a tensor can.</summary>
    private static async Task<Tensor?> ReadAsync(ParquetReader reader, ParquetField field, int depth, string what) =>
        Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Single => await new Column<float>(depth, what).ReadAsync(reader, field).ConfigureAwait(false),
            TypeCode.Double => await new Column<double>(depth, what).ReadAsync(reader, field).ConfigureAwait(false),
            TypeCode.Boolean => await new Column<bool>(depth, what).ReadAsync(reader, field).ConfigureAwait(false),
            TypeCode.Byte => await new Column<byte>(depth, what).ReadAsync(reader, field).ConfigureAwait(false),
            TypeCode.SByte => await new Column<sbyte>(depth, what).ReadAsync(reader, field).ConfigureAwait(false),
            TypeCode.Int16 => await new Column<short>(depth, what).ReadAsync(reader, field).ConfigureAwait(false),
            TypeCode.UInt16 => await new Column<ushort>(depth, what).ReadAsync(reader, field).ConfigureAwait(false),
            TypeCode.Int32 => await new Column<int>(depth, what).ReadAsync(reader, field).ConfigureAwait(false),
            TypeCode.Int64 => await new Column<long>(depth, what).ReadAsync(reader, field).ConfigureAwait(false),
            _ => null,
        };

    /// <summary>A column of values as it is gathered from the groups of rows.</summary>
    /// <param name="depth">How many lists are around a value.</param>
    /// <param name="what">What messages call it.</param>
    private sealed class Column<T>(int depth, string what)
        where T : unmanaged
    {
        private readonly List<T> values = [];
        private readonly List<int> levels = [];

        public async Task<Tensor> ReadAsync(ParquetReader reader, ParquetField field)
        {
            for (int g = 0; g < reader.RowGroupCount; g++)
            {
                using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
                long count = group.GetMetadata(field)?.MetaData?.NumValues ?? 0;
                if (count is < 0 || values.Count + count > MostElements)
                    throw new DataException($"{what} says that it has more than {MostElements} values");
                await AddAsync(group, field, (int)count).ConfigureAwait(false);
            }
            return Tensor.Of(new Shape(Extents()), values.ToArray());
        }

        private async Task AddAsync(ParquetRowGroupReader group, ParquetField field, int count)
        {
            var added = new T[count];
            int[] definitions = new int[field.MaxDefinitionLevel > 0 ? count : 0],
                repetitions = new int[depth > 0 ? count : 0];
            await group
                .ReadRawAsync<T>(
                    field,
                    added,
                    definitions.Length > 0 ? definitions : (Memory<int>?)null,
                    repetitions.Length > 0 ? repetitions : (Memory<int>?)null
                )
                .ConfigureAwait(false);
            bool lacksSome = Array.Exists(definitions, d => d != field.MaxDefinitionLevel);
            if (lacksSome || (depth == 0 && count != group.RowCount))
                throw new DataException($"{what} lacks values in some rows");
            values.AddRange(added);
            levels.AddRange(repetitions);
        }

        /// <summary>
        /// The extents of the lists: a value's level says which list it continues, 0 for a new row.
        /// </summary>
        private int[] Extents()
        {
            if (depth == 0)
                return [values.Count];
            var extents = new int[depth + 1];
            int before = 1;
            for (int d = 0; d <= depth; d++)
            {
                int begun = levels.Count(l => l <= d);
                if (begun % Math.Max(1, before) != 0)
                    throw Uneven();
                extents[d] = begun / Math.Max(1, before);
                before = begun;
            }
            for (int i = 0; i < levels.Count; i++)
                if (levels[i] != LevelAt(i, extents))
                    throw Uneven();
            return extents;
        }

        private static int LevelAt(int place, int[] extents)
        {
            int level = extents.Length - 1;
            for (int inner = extents[^1]; level > 0 && place % inner == 0; level--)
                inner *= extents[level - 1];
            return level;
        }

        private DataException Uneven() => new($"{what} has lists of several lengths; lists of one length are read");
    }
}
