global using Decant.Core;
global using Operators = Decant.Core.Operators;
