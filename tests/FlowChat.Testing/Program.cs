Console.WriteLine("fake-evolution");
